/// What the command line says is wrong, said to whoever wrote it elsewhere.
extension ServerSettings {
    /// A message of the command line, with what it names named as it is written
    /// where it is set.
    ///
    /// - Parameters:
    ///   - message: About flags.
    ///   - value: What is to blame.
    ///   - own: The user's arguments, which are flags indeed.
    func words(_ message: String, about value: Value, under own: [String]) -> String {
        let flag = "--\(value.setting.name)"
        if message.hasPrefix("The value '\(value.text)' is invalid for '\(flag)") {
            return "\(value.origin): \(value.setting.complaint(about: value.text))"
        }
        if message.hasPrefix("\(flag) is ") {
            return value.origin + named(String(message.dropFirst(flag.count)), under: own)
        }
        return "\(value.origin): \(named(message, under: own))"
    }

    private func named(_ message: String, under own: [String]) -> String {
        message.replacing(#/--[a-z]+(-[a-z]+)*/#) { match in
            let flag = String(match.output.0)
            guard let value = values.last(where: { "--\($0.setting.name)" == flag }), !value.setting.isSet(in: own)
            else { return flag }
            return value.isFile ? "\"\(value.setting.name)\"" : value.setting.variable
        }
    }
}
