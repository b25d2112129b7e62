import Support

/// An object that C holds.
enum Handle<Object: AnyObject> {
  static func make(_ object: Object) -> OpaquePointer { OpaquePointer(Unmanaged.passRetained(object).toOpaque()) }

  /// - Throws: `UsageError` for null.
  static func object(_ handle: OpaquePointer?, _ what: String) throws -> Object {
    guard let handle else { throw Images.missing(what) }
    return Unmanaged<Object>.fromOpaque(UnsafeRawPointer(handle)).takeUnretainedValue()
  }

  static func release(_ handle: OpaquePointer?) {
    if let handle { Unmanaged<Object>.fromOpaque(UnsafeRawPointer(handle)).release() }
  }
}
