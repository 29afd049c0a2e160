/// A text as a key: equal where its bytes are.
///
/// Swift takes two ways of writing an accent for one text; to databases, vaults and most disks they are two names.
package struct UTF8Key: Hashable, Comparable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  package static func == (left: Self, right: Self) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

  // Texts with equal bytes are equal texts, so their hashes are equal as well.
  package func hash(into hasher: inout Hasher) { text.hash(into: &hasher) }

  package static func < (left: Self, right: Self) -> Bool { left.text.utf8.lexicographicallyPrecedes(right.text.utf8) }
}
