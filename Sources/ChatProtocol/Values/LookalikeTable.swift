// Written by Scripts/generate-lookalike-table.py; not to be edited by hand.

/// Letters of other scripts that look like Latin ones.
enum LookalikeTable {
    /// Pairs of scalars: a letter, and the Latin letter or digit that it looks like.
    static let pairs = """
        ıiſfƄbƍgƖIƦRƧ2Ʒ3Ƽ5ƽsǀlȜ3Ȣ8ȣ8ɑaɡgɣyɩiɪiɯwʋuʏyͺiͿJΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXαaγyιiνvοoρpσoυuϒYϜFϨ2ϱpϲcϳjϹCϺMЅS\
        ІIЈJАAВBЕEЗ3КKМMНHОOРPСCТTУYХXЬbаaб6гrеeоoрpсcуyхxѕsіiјjѡwѴVѵvҮYүyһhҽeӀIӏiӠ3ԁdԌGԛqԜWԝwՍUՏSՕOաwգqզqհhոnռnսuցgքf\
        օoყyჿoᎠDᎡRᎢTᎥiᎩYᎪAᎫJᎬEᎳWᎷMᎻHᎽYᏀGᏂhᏃZᏎ4ᏏbᏒRᏔWᏕSᏙVᏚSᏞLᏟCᏢPᏦKᏧdᏮ6ᏳGᏴBᴄcᴏoᴑoᴜuᴠvᴡwᴢzᴦrᶃgᶌyẝfỿyιiⲅrⲎHⲒIⲔKⲘMⲚNⲞOⲟoⲢP\
        ⲣpⲤCⲥcⲦTⲨYⲬXⳊ9Ⳍ3ⳐLⳒ6ꓐBꓑPꓒdꓓDꓔTꓖGꓗKꓙJꓚCꓜZꓝFꓟMꓠNꓡLꓢSꓣRꓦVꓧHꓪWꓫXꓬYꓮAꓰEꓲlꓳOꓴUꙄ2ꙇiꜱsꝚ2Ꝫ3Ꝯ9ꞘFꞙfꞟuꞫ3ꞲJꞳXꞴBꬲeꬵfꬽoꭇrꭈrꭎu\
        ꭒuꭚyꭵiꮁrꮃwꮓzꮩvꮪsꮯc𐐄O𐐕C𐐛L𐐠S𐐬o𐐽c𐑈s
        """
}
