import CHDF5Files

/// HDF5, as it is found when the program runs.
package enum WeightsLibrary {
  package static var version: String {
    var (major, minor, release) = (UInt32(0), UInt32(0), UInt32(0))
    hdf5_files_version(&major, &minor, &release)
    return "\(major).\(minor).\(release)"
  }
}
