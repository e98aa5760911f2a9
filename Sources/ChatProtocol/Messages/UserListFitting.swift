extension UserList {
    /// The part of the list that fits into one unframed USER response.
    ///
    /// The counts match the part that is left, so an original client does not crash on a missing key. Admins get at
    /// most half of the room if the users need the rest.
    ///
    /// - Parameter maximumBytes: The longest response in bytes, including its header.
    /// - Returns: The first users and admins, in their order.
    public func fitted(maximumBytes: Int) -> UserList {
        // The longest text before, between and after the numbered keys.
        let frame = "USER,time=YYYY-MM-DD HH-MM-SS;num=;admin=,".utf8.count
        let digits = String(users.count).utf8.count + String(admins.count).utf8.count
        let room = max(0, maximumBytes - frame - digits)

        let userCosts = Self.costs(users.map(\.nickname), firstNumber: 1, wordBytes: 0)
        let adminCosts = Self.costs(admins, firstNumber: 0, wordBytes: "admin".utf8.count)
        let allUsers = Self.count(userCosts, room: room, repeatsLast: true)
        let fewestAdmins = Self.count(adminCosts, room: room / 2, repeatsLast: false)
        let adminCost = adminCosts.prefix(fewestAdmins).reduce(0, +)
        let userCount = min(allUsers, Self.count(userCosts, room: room - adminCost, repeatsLast: true))
        let userCost = Self.cost(userCosts, count: userCount)
        let adminCount = max(fewestAdmins, Self.count(adminCosts, room: room - userCost, repeatsLast: false))
        return UserList(users: Array(users.prefix(userCount)), admins: Array(admins.prefix(adminCount)))
    }

    /// The bytes of each name as a parameter, including the `;` before it.
    private static func costs(_ names: [String], firstNumber: Int, wordBytes: Int) -> [Int] {
        names.enumerated().map { offset, name in
            2 + wordBytes + String(firstNumber + offset).utf8.count + Parameters.escapedCount(name)
                + (UnframedNickname.isPadded(name) ? 1 : 0)
        }
    }

    /// How many of the names fit.
    private static func count(_ costs: [Int], room: Int, repeatsLast: Bool) -> Int {
        var sum = 0
        var count = 0
        var fitting = 0
        for cost in costs {
            sum += cost
            count += 1
            guard sum <= room else { break }
            if !repeatsLast || self.cost(costs, count: count, sum: sum) <= room { fitting = count }
        }
        return fitting
    }

    /// The bytes of the first users, including the repeat of the last one under key 0.
    private static func cost(_ costs: [Int], count: Int) -> Int {
        cost(costs, count: count, sum: costs.prefix(count).reduce(0, +))
    }

    private static func cost(_ costs: [Int], count: Int, sum: Int) -> Int {
        guard count > 0, let last = costs.prefix(count).last else { return sum }
        return sum + last - String(count).utf8.count + 1
    }
}
