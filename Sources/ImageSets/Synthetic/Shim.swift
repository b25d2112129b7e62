extension SyntheticDigits {
  public func imageSet(_ part: Dataset.Part) -> ImageSet {
    imageSet(part == .train ? Part.train : part == .test ? .test : .dig)
  }
}
