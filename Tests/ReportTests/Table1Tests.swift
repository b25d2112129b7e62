import Evaluation
import Report
import Testing

@Suite struct Table1Tests {
  @Test func hasThe36Models() {
    #expect(Table1.rows.count == 36)
    var points: Set<Table1.Point> = []
    for model in ["dense", "conv"] {
      for layers in [2, 3, 4] {
        for neurons in [32, 64, 128] {
          for loss in ["bce", "mse"] {
            points.insert(Table1.Point(model: model, layers: layers, neurons: neurons, loss: loss))
          }
        }
      }
    }
    #expect(Set(Table1.rows.map(\.point)) == points)
    #expect(Table1.rows[22].point.preset == "report-conv-3-64-bce")
  }

  /// The slips are marked where the figures themselves show them, and nowhere else.
  @Test func marksItsSlips() {
    for row in Table1.rows {
      let twins = Table1.rows.filter { $0.figures == row.figures && $0.point != row.point }
      #expect((row.slip == .copied) == !twins.isEmpty, "\(row.point)")
      #expect((row.slip == .swapped) == (row.figures.validationLoss < row.figures.loss), "\(row.point)")
    }
    #expect(Table1.rows.count { $0.slip == .copied } == 6 && Table1.rows.count { $0.slip == .swapped } == 1)
  }

  @Test func agreesWithItselfInRank() throws {
    let trials = Table1.rows.map { row in
      GridTrial(
        point: row.point, trainingImages: 8, validationImages: 2, epochs: 1, figures: row.figures,
        bestValidationLoss: nil, seconds: 1)
    }
    let all = Correlation.all(of: trials)
    #expect(all.map(\.count) == [18, 9, 9, 17, 18, 9, 9, 12])
    #expect(all.allSatisfy { abs(($0.validationLoss ?? 0) - 1) < 1e-12 && abs(($0.loss ?? 0) - 1) < 1e-12 })
  }
}
