/// What files and `tiddu --version` say.
public let programVersion = "0.1.0"
