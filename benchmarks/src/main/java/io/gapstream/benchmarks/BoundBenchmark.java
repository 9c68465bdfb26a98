package io.gapstream.benchmarks;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.gated.GatedSolution;
import io.gapstream.numerics.gated.GatedSolver;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.global.ColumnGeneration;
import io.gapstream.numerics.global.ColumnGenerationResult;
import io.gapstream.numerics.lifted.LiftedResult;
import io.gapstream.numerics.lifted.LiftedSolver;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.tau.LocalAscent;
import io.gapstream.numerics.verify.Finding;
import io.gapstream.numerics.verify.Verifier;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a certificate costs, part by part: Gaussian data with a planted teacher, seed 0. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 3)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls prepare first
public class BoundBenchmark {

  /** Rows and columns. */
  @Param({"100x5", "200x10"})
  String shape;

  private Problem problem;
  private Gates gates;
  private LowerBound lower;

  /** Makes the data and one bound to be checked. */
  @Setup
  public void prepare() {
    int n = Integer.parseInt(shape.substring(0, shape.indexOf('x')));
    int d = Integer.parseInt(shape.substring(shape.indexOf('x') + 1));
    Data data = GaussianData.teacher(n, d, 5, 0.1, 0);
    double beta = 0.1 * LocalAscent.betaMax(n, d, data.x(), data.y());
    problem = new Problem(n, d, data.x(), data.y(), beta);
    gates = Gates.sample(n, d, data.x(), 500, 0);
    lower = LiftedSolver.solve(problem, 0, Deadline.none(), bound -> {}).bound();
  }

  /** beta_max by local ascent. */
  @Benchmark
  public double betaMax() {
    return LocalAscent.betaMax(problem.n(), problem.d(), problem.x(), problem.y());
  }

  /** The lifted relaxation, to its certified bound. */
  @Benchmark
  public LiftedResult lifted() {
    return LiftedSolver.solve(problem, 0, Deadline.none(), bound -> {});
  }

  /** One check of a lower bound. */
  @Benchmark
  public Finding verify() {
    return Verifier.lower(problem, lower.dual(), lower.scale(), lower.plus(), lower.minus());
  }

  /** Column generation, to its end. */
  @Benchmark
  public ColumnGenerationResult columnGeneration() {
    return ColumnGeneration.solve(problem, 0, Deadline.none(), bound -> {});
  }

  /** The gated program on 500 sampled patterns, to a relative duality gap of 1e-6. */
  @Benchmark
  public GatedSolution gated() {
    return GatedSolver.solve(problem, gates, 1e-6, Deadline.none());
  }
}
