// Numbers that a server says, and what is made of them, may be anything. `+` would end the process where a sum is too large, `&+` would
// turn it into a negative one: these stay at the largest or smallest number there is.

infix operator +| : AdditionPrecedence
infix operator -| : AdditionPrecedence
infix operator *| : MultiplicationPrecedence

extension FixedWidthInteger {
    /// The sum, or the nearest number there is.
    package static func +| (left: Self, right: Self) -> Self {
        let (sum, isOverflow) = left.addingReportingOverflow(right)
        return isOverflow ? (right < 0 ? .min : .max) : sum
    }

    /// The difference, or the nearest number there is.
    package static func -| (left: Self, right: Self) -> Self {
        let (difference, isOverflow) = left.subtractingReportingOverflow(right)
        return isOverflow ? (left < right ? .min : .max) : difference
    }

    /// The product, or the nearest number there is.
    package static func *| (left: Self, right: Self) -> Self {
        let (product, isOverflow) = left.multipliedReportingOverflow(by: right)
        return isOverflow ? ((left < 0) == (right < 0) ? .max : .min) : product
    }

    /// The quotient, towards 0; nil where there is none: by 0, and of the smallest number by -1.
    package func divided(by divisor: Self) -> Self? {
        let (quotient, isOverflow) = dividedReportingOverflow(by: divisor)
        return isOverflow ? nil : quotient
    }
}
