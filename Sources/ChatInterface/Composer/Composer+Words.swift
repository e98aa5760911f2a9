extension Composer {
    /// The start of the word that ends before a place, where only spaces separate words.
    func startOfSpaced(before place: Int) -> Int {
        var place = place
        while place > 0, characters[place - 1].isWhitespace { place -= 1 }
        while place > 0, !characters[place - 1].isWhitespace { place -= 1 }
        return place
    }

    /// The start of the word of letters and digits before a place.
    func startOfWord(before place: Int) -> Int {
        var place = place
        while place > 0, !Self.isWordCharacter(characters[place - 1]) { place -= 1 }
        while place > 0, Self.isWordCharacter(characters[place - 1]) { place -= 1 }
        return place
    }

    /// The end of the word of letters and digits after a place.
    func endOfWord(after place: Int) -> Int {
        var place = place
        while place < characters.count, !Self.isWordCharacter(characters[place]) { place += 1 }
        while place < characters.count, Self.isWordCharacter(characters[place]) { place += 1 }
        return place
    }

    /// The start of the line that a place is on.
    func startOfLine(at place: Int) -> Int {
        var place = place
        while place > 0, !characters[place - 1].isNewline { place -= 1 }
        return place
    }

    /// The end of the line that a place is on, before its line break.
    func endOfLine(at place: Int) -> Int {
        var place = place
        while place < characters.count, !characters[place].isNewline { place += 1 }
        return place
    }

    private static func isWordCharacter(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }
}
