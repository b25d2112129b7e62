import Search
import Testing

@Suite struct SearchSpaceTests {}
