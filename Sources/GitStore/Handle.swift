import CLibgit2

/// A kind of libgit2 object, named by the function that releases it.
protocol HandleKind {
  static func release(_ pointer: OpaquePointer)
}

/// One libgit2 object, owned: released exactly once, when its owner goes.
///
/// Never leaves this module: package methods return plain values.
@safe struct Handle<Kind: HandleKind>: ~Copyable {
  let pointer: OpaquePointer

  /// Owns what `create` stores, or throws what libgit2 said about the failure.
  init(_ create: (inout OpaquePointer?) -> Int32) throws(LibraryError) {
    var created: OpaquePointer?
    try check(unsafe create(&created))
    guard let created = unsafe created else { throw LibraryError(-1) }
    unsafe pointer = created
  }

  deinit { unsafe Kind.release(pointer) }
}

enum RepositoryKind: HandleKind {
  static func release(_ pointer: OpaquePointer) { unsafe git_repository_free(pointer) }
}

enum ObjectDatabaseKind: HandleKind {
  static func release(_ pointer: OpaquePointer) { unsafe git_odb_free(pointer) }
}

enum RawObjectKind: HandleKind {
  static func release(_ pointer: OpaquePointer) { unsafe git_odb_object_free(pointer) }
}

enum ObjectKind: HandleKind {
  static func release(_ pointer: OpaquePointer) { unsafe git_object_free(pointer) }
}

enum ReferenceKind: HandleKind {
  static func release(_ pointer: OpaquePointer) { unsafe git_reference_free(pointer) }
}

enum ReferenceIteratorKind: HandleKind {
  static func release(_ pointer: OpaquePointer) { unsafe git_reference_iterator_free(pointer) }
}

enum ConfigurationKind: HandleKind {
  static func release(_ pointer: OpaquePointer) { unsafe git_config_free(pointer) }
}

enum ConfigurationIteratorKind: HandleKind {
  static func release(_ pointer: OpaquePointer) { unsafe git_config_iterator_free(pointer) }
}

enum TransactionKind: HandleKind {
  static func release(_ pointer: OpaquePointer) { unsafe git_transaction_free(pointer) }
}

enum IndexKind: HandleKind {
  static func release(_ pointer: OpaquePointer) { unsafe git_index_free(pointer) }
}
