import Support

/// `tiddu serve` ends here: a program of its own, as the packages of an HTTP server take minutes to build.
@main
enum Program {
  static func main() async {
    Console.openAll()
    Memory.endQuietlyWithout()
    await ServeCommand.main()
  }
}
