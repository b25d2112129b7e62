import Foundation

let arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first {
case "read-csv" where arguments.count == 2: try benchmarkReadCSV(path: arguments[1])
case "distort" where arguments.count == 1: try benchmarkDistort()
default:
  FileHandle.standardError.write(Data("usage: tiddu-bench read-csv FILE\n       tiddu-bench distort\n".utf8))
  exit(EX_USAGE)
}
