/// One figure of a running server, for the Prometheus text format.
public struct Metric: Hashable, Sendable {
    /// The kinds of figures in that format.
    public enum Kind: String, Hashable, Sendable {
        /// Only ever rises while the server runs.
        case counter
        /// Rises and falls.
        case gauge
        /// Counts observations below each of some bounds.
        case histogram
    }

    /// One line of a metric.
    public struct Sample: Hashable, Sendable {
        /// The end of the line's name (`_bucket`, `_sum`, `_count`); usually empty.
        public var suffix: String
        /// Label names and values, in order.
        public var labels: [Label]
        /// The value.
        public var value: Double

        /// Creates a sample.
        public init(suffix: String = "", labels: [Label] = [], value: Double) {
            self.suffix = suffix
            self.labels = labels
            self.value = value
        }
    }

    /// A label of a sample.
    public struct Label: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The value, not escaped.
        public var value: String

        /// Creates a label.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The name, ending with the unit (`_bytes`, `_seconds`, `_total`).
    public var name: String
    /// One sentence that explains the figure on a dashboard.
    public var help: String
    /// The kind of figure.
    public var kind: Kind
    /// The lines.
    public var samples: [Sample]

    /// Creates a metric.
    public init(_ name: String, help: String, kind: Kind, samples: [Sample]) {
        self.name = name
        self.help = help
        self.kind = kind
        self.samples = samples
    }

    /// Creates a metric with one line.
    public init(_ name: String, help: String, kind: Kind, value: Double) {
        self.init(name, help: help, kind: kind, samples: [Sample(value: value)])
    }

    /// Writes metrics in the Prometheus text format, version 0.0.4.
    public static func text(_ metrics: [Metric]) -> String {
        var text = ""
        for metric in metrics {
            text += "# HELP \(metric.name) \(escaped(metric.help, quotes: false))\n"
            text += "# TYPE \(metric.name) \(metric.kind.rawValue)\n"
            for sample in metric.samples {
                text += metric.name + sample.suffix
                if !sample.labels.isEmpty {
                    let labels = sample.labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }
                    text += "{\(labels.joined(separator: ","))}"
                }
                text += " \(formatted(sample.value))\n"
            }
        }
        return text
    }

    private static func formatted(_ value: Double) -> String {
        if let whole = Int64(exactly: value) { return String(whole) }
        return value.isNaN ? "NaN" : value.isInfinite ? (value > 0 ? "+Inf" : "-Inf") : String(value)
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.append(character)
            }
        }
        return result
    }
}

/// Counts observations below fixed bounds, for latencies.
public struct Histogram: Hashable, Sendable {
    private let bounds: [Double]
    private var counts: [Int]
    private var sum = 0.0
    private var count = 0

    /// Creates an empty histogram.
    ///
    /// - Parameter bounds: Upper bounds, rising, in the metric's unit.
    public init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count)
    }

    /// Counts one observation.
    public mutating func observe(_ value: Double) {
        sum += value
        count += 1
        for index in bounds.indices where value <= bounds[index] {
            counts[index] += 1
        }
    }

    /// The lines of a metric for this histogram.
    public var samples: [Metric.Sample] {
        var samples = zip(bounds, counts).map { bound, count in
            Metric.Sample(suffix: "_bucket", labels: [.init("le", String(bound))], value: Double(count))
        }
        samples.append(.init(suffix: "_bucket", labels: [.init("le", "+Inf")], value: Double(count)))
        samples.append(.init(suffix: "_sum", value: sum))
        samples.append(.init(suffix: "_count", value: Double(count)))
        return samples
    }
}
