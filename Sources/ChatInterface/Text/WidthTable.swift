// Written by Scripts/generate-width-table.py; not to be edited by hand.

/// The ranges of Unicode scalars that do not take exactly one cell.
enum WidthTable {
    /// The version of Unicode that the ranges are from.
    static let unicodeVersion = "17.0.0"

    /// How many ranges there are.
    static let count = 497

    /// The ranges in order: in base 36, the distance from the end of the range
    /// before; after a `-`, its length less one; then `n` where its scalars take
    /// no cell and `w` where they take two.
    static let ranges = """
        4TnGI-33n7N-6n7B-18n1n1-1n1-1n1n20-An1n1A-KnGn2T-6n2-5n2-1n1-3nZnU-Qn2J-An1M-8n9nO-3n1-8n1-2n1-4n17-2n1N-8n\
        16-Nn1-Vn1Jn1n4-7n4n3-6nA-1nTn1Mn4-3n8nK-1nQn2-1n1Ln4-1n4-1n2-2n3nU-1n3nB-1n1Ln4-4n1-1n4nK-1nM-5n1n1Mn2n1-3n\
        8n7-1nB-1nUn1PnCn1En3n1Jn1-2n5-2n1-3n7-1nB-1nTn1Mn2n6n5-1nK-1nS-1n1L-1n4-3n8nK-1nTn20n7-2n1n2In2-6nC-7n2Qn\
        2-8nB-6n21-1nRn1n1n1J-Dn1-4n1-1n5-An1-Zn9n2U-3n1-5n1-1n2-1nP-1n4-2nG-3nDn2-1n6nFn2Q-2Nw0-4Fn9P-2nQA-2nT-1n\
        U-1nU-1n1S-1n1-6n8n2-An9n19-4n39-1nYn3A-2n4-1n9n6-2n63-1n2n1Mn1-6n1n1n2-7n6-9n2n1C-19n2-BnK-3n1Cn1-4n1n5n\
        14-8nC-1nW-3n2-1n1-2n1Kn1-1n3n1-2n1M-7n2-1n48-2n1-Cn1-6n4n6n3-1n5I-1RnEJ-4nO-6n1D-Fn2O-WnFD-1wD-1w5A-3w3w2w\
        EH-1wL-1wQ-7wG-Bw17wA-5w3wDw8-1wH-1w5-1w8w5wLw7-1w1w4w2w7w4-1wSwZw1w4-2w1w1P-2wOwEwNV-1w1Fw4wBD-2n3Xn2O-Vn\
        3K-Pw1-2GwC-5XwQ-1Lw0-3n0-Gw2-2Dw2-1n0-2Sw5-16w1-1Ew0n0-15w1-2Dw9-1Bw1-MLOw3-1IwBS-3n1-9nW-1n28-1n7Kn3n4n\
        P-1n5n47-1nQ-HnDn12-7nP-AnE-Sw3-2n1Cn2-3n2-1n13n1V-5n2-1n2-1nCn8n1Bn1Fn1-2n2-1n5-1n1n16-1n8n6Mn2n4nI-8MBw\
        C-27n6IO-E7wUnKH-Fn0-9w6-Fn0-Yw1-Iw1-3w43n1-2Nw1Rn1R-6w9-BnE9n6An45-4n1AE-2n1-1n5-3n14-2n4n4L-1nFX-3n1T-4n\
        8T-1n25-5n1Y-An1D-3n3Fn1I-En15n2-1nA-2n1D-3n2-1n7n1P-2n10-4n1-7n1QnC-1n1G-8nA-3n2n2N-2n2n1-1n6n2n4Dn3-7nL-1n\
        1L-1n3n11-6n3-4n1Y-5nDn1n1nE-1n2D-7n2-2n1nNn2C-5n1n4-1n1-1n6M-3n6-1n1-1nR-1n2D-7n2n1-1n2Yn1n2-5n1n2Tn1n2-3n\
        1-4n77-8n1-1n74-1n1n4n40-3n2-1n4nW-9n14-5n2-3n8n9-5n2-2n1A-Cn1-1n5In1-2n1n5L-6n1-5n1n2A-Ln2-6n1-1n1-1n3E-5n\
        3n1-1n1-6n1n20-1n3n1n9N-1nB-1n1G-4n5n1nNn445-Gn6-En8UG-Bn3-2n1XC-4n1N-6nT4n1R-3n25-3w0nB-6w9-5P1w15-Vw2P-36w\
        6PP-3w1-6w1-1w1-82wFwT-2w2wE-3w8-AZw1WH-1n1-3n3MK-19n2-MnF4-2n9-Fn2-6nU-3n44-2n57-2Ew9-Mw1AH-1In4-1Dn8nEn\
        M-4n1-En11S-6n1-Gn2-6n1-1n1-4n2Sn4G-6nAFn1P-3nE4-3n72-1n6Rn2n7-1n5nD6-6n31-6n1BTw5Mw5Aw2-9w23-SwD-17w4-8w\
        7-1wE-5w4A-WwC-8w1-1Xw1-LwC-16w4-4wC-Gw3w3-1Yw1w1-56w2-1QwD-3w1-NwIwQ-1wDw2E-2Cw1C-1Xw6w3-2w2-3w3-3wB-1w7-8w\
        6B-Bw4w7V-1Aw1-9w1-54w34-Cw3-Aw3-1Kw1w4-Fw2-Bw4-9wZR-1EKDw2-1EKDwE1OI-35Rn
        """
}
