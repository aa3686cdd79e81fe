/// The names that Patroni gives to the slots of members.
package enum PatroniSlotName {
    /// As `slot_name_from_member_name()` of Patroni derives it: lower case, `-` and `.` become `_`, any other character that no slot
    /// name may have becomes `u` with the decimal number of its code point, and no more than 63 characters.
    package static func derived(from member: String) -> String {
        var name = ""
        for scalar in member.lowercased().unicodeScalars {
            switch scalar {
            case "a"..."z", "0"..."9", "_": name.unicodeScalars.append(scalar)
            case "-", ".": name.append("_")
            default:
                let number = String(scalar.value)
                name += "u" + String(repeating: "0", count: max(4 - number.count, 0)) + number
            }
        }
        return String(name.prefix(63))
    }
}
