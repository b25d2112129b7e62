import Foundation

let arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first {
case "read-csv" where arguments.count >= 2:
  try benchmarkReadCSV(path: arguments[1], runs: arguments.dropFirst(2).first.flatMap { Int($0) } ?? 5)
default:
  FileHandle.standardError.write(Data("usage: tiddu-bench read-csv FILE [RUNS]\n".utf8))
  exit(EX_USAGE)
}
