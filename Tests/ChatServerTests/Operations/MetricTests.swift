internal import ChatServer
internal import Testing

@Suite("Figures in the Prometheus text format")
struct MetricTests {
    @Test("names, labels and values are written as the format wants them")
    func text() {
        let refusals = Metric(
            "chat_refusals_total",
            help: "Refused logins,\nby \\reason.",
            kind: .counter,
            samples: [
                .init(labels: [.init("reason", "bad \"name\"\n"), .init("role", "guest")], value: 2),
                .init(value: 0.25),
            ]
        )
        #expect(
            Metric.text([refusals])
                == """
                # HELP chat_refusals_total Refused logins,\\nby \\\\reason.
                # TYPE chat_refusals_total counter
                chat_refusals_total{reason="bad \\"name\\"\\n",role="guest"} 2
                chat_refusals_total 0.25

                """
        )
    }

    @Test("a histogram counts in every bucket that is wide enough")
    func histogram() {
        var latency = Histogram(bounds: [0.001, 0.01])
        for value in [0.0005, 0.001, 0.005, 3] { latency.observe(value) }
        let metric = Metric("commit_seconds", help: "Commits.", kind: .histogram, samples: latency.samples)
        #expect(
            Metric.text([metric])
                == """
                # HELP commit_seconds Commits.
                # TYPE commit_seconds histogram
                commit_seconds_bucket{le="0.001"} 2
                commit_seconds_bucket{le="0.01"} 3
                commit_seconds_bucket{le="+Inf"} 4
                commit_seconds_sum 3.0065
                commit_seconds_count 4

                """
        )
    }
}
