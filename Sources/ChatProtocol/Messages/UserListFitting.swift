extension UserList {
    /// As much of the list as fits into one unframed USER response.
    ///
    /// The counts of what is left match, so an original client reads the list
    /// without falling over a missing key. Admins may take half of the room
    /// where the users need the rest.
    ///
    /// - Parameter maximumBytes: The longest response in bytes, header and all.
    /// - Returns: The first users and admins, in the order they had.
    public func fitted(maximumBytes: Int) -> UserList {
        // The longest that stands before, between and after the numbered keys.
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

    /// What each name takes as a parameter, with the `;` before it.
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

    /// What the first users take, with the repeat of the last one under key 0.
    private static func cost(_ costs: [Int], count: Int) -> Int {
        cost(costs, count: count, sum: costs.prefix(count).reduce(0, +))
    }

    private static func cost(_ costs: [Int], count: Int, sum: Int) -> Int {
        guard count > 0, let last = costs.prefix(count).last else { return sum }
        return sum + last - String(count).utf8.count + 1
    }
}
