import ImageSets

/// The searches of a reproduction: many small trainings, each kept in the folder as soon as it is done.
package protocol Studies {
  /// Trains table 1's models of a kind, "dense" or "conv", or goes on with it.
  func grid(_ model: String, _ study: StudyRequest) throws -> [GridTrial]
  /// Trains the final model with penalties of many weights, and without. They are not measured yet.
  func penalties(_ study: StudyRequest) throws -> [PenaltyTrial]
}

/// What a search is about, and where it leaves its trainings.
package struct StudyRequest {
  /// What the images are opened by.
  package var dataset: String
  /// The portion's images.
  package var training: ImageSet
  package var portion: Scale.Portion
  package var seed: UInt64
  /// The reproduction's folder.
  package var folder: String
  /// Below `folder`, without an ending.
  package var name: String
  /// Told of trainings done, of all, and what was last heard; what it throws ends the search.
  package var observe: (_ done: Int, _ all: Int, _ latest: String) throws -> Void
}
