import Restoration
import Search

/// Searches by the room Search.
public struct SearchStudies: Studies {
  public init() {}

  public func grid(_ model: String, _ study: StudyRequest) throws -> [GridTrial] { [] }

  public func penalties(_ study: StudyRequest) throws -> [PenaltyTrial] { [] }
}
