package io.gapstream.results.application;

import io.gapstream.results.store.CertificateQuery;
import io.gapstream.results.store.CertificateRepository;
import io.gapstream.results.store.HistoryRepository;
import io.gapstream.results.store.ResultRepository;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What readers ask for. Changes nothing. */
@ApplicationScoped
public class Certificates {

  private final CertificateRepository certificates;
  private final ResultRepository results;
  private final HistoryRepository history;

  Certificates(
      CertificateRepository certificates, ResultRepository results, HistoryRepository history) {
    this.certificates = certificates;
    this.results = results;
    this.history = history;
  }

  /** Certificates in the order asked for, at most as many as asked for. */
  @Transactional
  public List<Certificate> page(CertificateQuery query) {
    return certificates.page(query).stream().map(Certificate::of).toList();
  }

  /** A certificate with its results. */
  @Transactional
  public Optional<CertificateDetail> detail(String experimentId) {
    return certificates
        .withExperiment(experimentId)
        .map(
            row ->
                new CertificateDetail(
                    Certificate.of(row),
                    results.of(experimentId).stream().map(ResultView::of).toList()));
  }

  /** Every version of a certificate, the first one first; empty if there is no such experiment. */
  @Transactional
  public Optional<List<CertificateVersion>> history(String experimentId) {
    return certificates
        .findByIdOptional(experimentId)
        .map(row -> history.of(experimentId).stream().map(CertificateVersion::of).toList());
  }

  /** The certificates of these experiments, as far as they exist. */
  @Transactional
  List<Certificate> current(Collection<String> experimentIds) {
    return certificates.withExperiments(experimentIds).stream().map(Certificate::of).toList();
  }
}
