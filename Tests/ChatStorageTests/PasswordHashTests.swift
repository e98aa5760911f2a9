internal import Foundation
internal import Synchronization
internal import Testing

@testable internal import ChatStorage

/// Computed by another implementation (Python's `hashlib.scrypt`), salt 0…15.
private let foreign = "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$nfkj3u1fRTHCea+fVr03sWV770kp5wLOLoEakziKhqE"
private let composed = "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$W/Rtq72Htgcz3Syd3hrCAGsXSEqmMzUBgphIKWl53WE"

@Suite("Password hashes")
struct PasswordHashTests {
    @Test(
        "are those that others compute",
        arguments: [
            (foreign, "correct horse", true),
            (foreign, "correct hors", false),
            (foreign, "correct horse ", false),
            (foreign, "", false),
            (composed, "p\u{E4}ssword", true),
            (composed, "pa\u{308}ssword", true),
        ]
    )
    func others(kept: String, password: String, matches: Bool) throws {
        let hash = try #require(PasswordHash(kept: kept))
        #expect(try hash.matches(password) == matches)
        #expect(hash.kept == kept)
    }

    @Test("have a salt of their own, and are kept with their parameters")
    func salt() throws {
        let one = try PasswordHash("secret", cost: .quick)
        let other = try PasswordHash("secret", cost: .quick)
        #expect(one.kept != other.kept)
        #expect(one.kept.hasPrefix("$scrypt$ln=4,r=8,p=1$"))
        #expect(try PasswordHash(kept: other.kept)?.matches("secret") == true)
    }

    @Test("an empty password opens nothing, not even its own hash")
    func empty() throws {
        #expect(try PasswordHash("", cost: .quick).matches("") == false)
        #expect(try PasswordHash.unmatched(cost: .quick).matches("") == false)
        #expect(try PasswordHash.unmatched(cost: .quick).matches("anything") == false)
    }

    @Test(
        "what is damaged is no hash, and costs nothing",
        arguments: [
            "", "$", "secret", "$2b$12$abc", "$scrypt$ln=17,r=8,p=1$$", "$scrypt$ln=17,r=8,p=1$AAAA$AAAA",
            foreign.replacingOccurrences(of: "ln=10", with: "ln=63"),
            foreign.replacingOccurrences(of: "ln=10", with: "ln=24"),
            foreign.replacingOccurrences(of: "ln=10", with: "ln=-1"),
            foreign.replacingOccurrences(of: "ln=10", with: "ln=99999999999999999999"),
            foreign.replacingOccurrences(of: "r=8", with: "r=0"),
            foreign.replacingOccurrences(of: "p=1", with: "p=9999"),
            foreign.replacingOccurrences(of: "ln=10,r=8,p=1", with: "r=8,ln=10,p=1"),
            foreign.replacingOccurrences(of: "ln=10,r=8,p=1", with: "ln=10,r=8"),
            foreign.replacingOccurrences(of: "nfkj", with: "nf*j"),
            String(foreign.dropLast(4)), foreign + "$", foreign + "AAAA",
        ]
    )
    func damaged(kept: String) {
        #expect(PasswordHash(kept: kept) == nil)
    }

    @Test("the standard is what OWASP advises, and possible")
    func standard() {
        #expect(PasswordCost.standard == PasswordCost(logarithmOfRounds: 17, blockSize: 8, parallelism: 1))
        #expect(PasswordCost.standard.isPossible)
    }

    @Test("no more are computed or wait than there is room for")
    func pool() throws {
        let pool = PasswordPool(workers: 1, waiting: 2)
        let gate = DispatchSemaphore(value: 0)
        let done = Atomic(0)
        let work: @Sendable () -> Void = {
            gate.wait()
            done.wrappingAdd(1, ordering: .relaxed)
        }
        #expect(
            [pool.submit(work), pool.submit(work), pool.submit(work), pool.submit(work)] == [true, true, true, false]
        )
        for _ in 0..<3 { gate.signal() }
        pool.drain()
        #expect(done.load(ordering: .relaxed) == 3)
        gate.signal()
        #expect(pool.submit(work))
        pool.drain()
    }

    @Test("new passwords leave half of the waiting places to logins")
    func reserve() throws {
        let pool = PasswordPool(workers: 1, waiting: 4)
        let gate = DispatchSemaphore(value: 0)
        let work: @Sendable () -> Void = { gate.wait() }
        let newPasswords = (0..<5).map { _ in pool.submit(for: .newPassword, work) }
        #expect(newPasswords == [true, true, true, false, false])
        let logins = (0..<3).map { _ in pool.submit(for: .login, work) }
        #expect(logins == [true, true, false])
        for _ in 0..<5 { gate.signal() }
        pool.drain()
        gate.signal()
        #expect(pool.submit(for: .newPassword, work))
        pool.drain()
    }
}
