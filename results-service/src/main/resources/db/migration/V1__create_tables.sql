-- What results-service keeps. Constraints hold what must be true whatever the program does:
-- no interval is empty, no bound is ever taken back, nothing that is not finite is stored.

create table experiment (
  id               text primary key check (id ~ '^[0-9a-f]{32}$'),
  study_id         text,
  name             text not null,
  origin           text not null check (origin is json object),
  preprocessing    text not null check (preprocessing is json object),
  n                integer not null check (n >= 1),
  d                integer not null check (d >= 1),
  beta             double precision not null check (beta > 0 and beta < 'Infinity'),
  beta_fraction    double precision check (beta_fraction > 0 and beta_fraction < 'Infinity'),
  beta_max         double precision not null check (beta_max > 0 and beta_max < 'Infinity'),
  sha256           text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  plan             text not null check (plan is json object),
  planned_results  integer not null check (planned_results >= 0),
  received_at      timestamptz not null
);

create index experiment_received_at on experiment (received_at, id);
create index experiment_name on experiment (name, id);
create index experiment_study on experiment (study_id, id) where study_id is not null;

-- The numbers themselves, apart from the row that lists read: little-endian float64, row-major.
create table dataset (
  experiment_id  text primary key references experiment,
  x              bytea not null check (octet_length(x) % 8 = 0),
  y              bytea not null check (octet_length(y) % 8 = 0)
);

-- The best of each method or run, by kind. The first group of columns is the best claim, the second
-- what the newest message said about the work.
create table result (
  id               text primary key,
  experiment_id    text not null references experiment,
  source           text not null check (source in ('relaxation', 'training')),
  method           text not null,
  width            integer check (width >= 1),
  seed             bigint,
  kind             text not null check (kind in ('lower', 'upper', 'estimate')),

  verdict          text not null check (verdict in ('verified', 'refuted', 'estimate', 'pending')),
  value            double precision,
  rung             text,
  refutation       text,
  claim_revision   integer not null check (claim_revision >= 1),
  claim_sha256     text not null check (claim_sha256 ~ '^[0-9a-f]{64}$'),

  status           text not null,
  reason           text,
  measures         text not null check (measures is json object),
  iterations       bigint not null check (iterations >= 0),
  elapsed_seconds  double precision not null check (elapsed_seconds >= 0 and elapsed_seconds < 'Infinity'),
  revision         integer not null check (revision >= 1),
  payload_sha256   text not null check (payload_sha256 ~ '^[0-9a-f]{64}$'),
  complete         boolean not null,

  created_at       timestamptz not null,
  updated_at       timestamptz not null,

  check ((source = 'training') = (width is not null and seed is not null)),
  check (value > '-Infinity' and value < 'Infinity'),
  check ((verdict in ('verified', 'estimate')) = (value is not null)),
  check (verdict <> 'verified' or kind <> 'estimate'),
  check (verdict <> 'estimate' or kind = 'estimate'),
  check ((verdict = 'refuted') = (refutation is not null)),
  check ((rung is not null) = (verdict = 'verified' and kind = 'lower'))
);

create index result_experiment on result (experiment_id);
create index result_bounds on result (experiment_id, kind, value) where verdict = 'verified';

-- What a verified bound rests on: the dual vector with its witnesses, or a network, as JSON.
create table evidence (
  result_id  text primary key references result,
  document   bytea not null
);

-- Results that came before their dataset, as they came.
create table pending_claim (
  payload_sha256  text primary key check (payload_sha256 ~ '^[0-9a-f]{64}$'),
  experiment_id   text not null,
  topic           text not null,
  payload         bytea not null,
  received_at     timestamptz not null
);

create index pending_claim_experiment on pending_claim (experiment_id, received_at, payload_sha256);

-- Claims that their evidence does not support, as they came. Never a bound.
create table refuted_claim (
  payload_sha256  text primary key check (payload_sha256 ~ '^[0-9a-f]{64}$'),
  experiment_id   text not null references experiment,
  result_id       text not null,
  kind            text not null,
  claimed         double precision not null,
  reason          text not null,
  topic           text not null,
  payload         bytea not null,
  refuted_at      timestamptz not null
);

create index refuted_claim_experiment on refuted_claim (experiment_id);

create table certificate (
  experiment_id         text primary key references experiment,
  lower                 double precision check (lower >= 0 and lower < 'Infinity'),
  upper                 double precision check (upper >= 0 and upper < 'Infinity'),
  ratio                 double precision check (ratio >= 1 and ratio < 'Infinity'),
  rung                  text,
  verdict               text not null check (verdict in ('pending', 'verified', 'refuted')),
  version               bigint not null check (version >= 0),
  lower_result          text references result,
  upper_result          text references result,
  completed_results     integer not null check (completed_results >= 0),
  complete              boolean not null,
  best_training         double precision,
  best_training_method  text,
  estimate_gated        double precision,
  updated_at            timestamptz not null,

  check (lower <= upper),
  check ((lower is null) = (lower_result is null)),
  check ((upper is null) = (upper_result is null)),
  check (verdict <> 'verified' or (lower is not null and upper is not null and version >= 1)),
  check (verdict <> 'refuted' or (lower is null and upper is null)),
  check ((best_training is null) = (best_training_method is null))
);

create index certificate_updated_at on certificate (updated_at, experiment_id);
create index certificate_ratio on certificate (ratio, experiment_id);
create index certificate_lower on certificate (lower, experiment_id);
create index certificate_upper on certificate (upper, experiment_id);

create function certificate_only_tightens() returns trigger language plpgsql as $$
begin
  if new.lower < old.lower or new.upper > old.upper or new.version < old.version then
    raise exception 'certificate of % would loosen: [%, %] version % after [%, %] version %',
      old.experiment_id, new.lower, new.upper, new.version, old.lower, old.upper, old.version;
  end if;
  return new;
end
$$;

create trigger certificate_only_tightens before update on certificate
  for each row execute function certificate_only_tightens();

create table certificate_history (
  experiment_id  text not null references experiment,
  version        bigint not null check (version >= 1),
  lower          double precision not null,
  upper          double precision not null,
  ratio          double precision,
  rung           text,
  cause          text not null,
  at             timestamptz not null,
  primary key (experiment_id, version),
  check (lower <= upper)
);

-- Two verified bounds that cannot both be true: one of them, or the verifier, is wrong.
create table contradiction (
  experiment_id   text not null references experiment,
  lower_result    text not null references result,
  upper_result    text not null references result,
  lower           double precision not null,
  upper           double precision not null,
  lower_evidence  bytea not null,
  upper_evidence  bytea not null,
  found_at        timestamptz not null,
  primary key (experiment_id, lower_result, upper_result),
  check (lower > upper)
);

-- Certificates on their way to the broker, written with the certificate itself.
create table outbox (
  experiment_id  text not null references experiment,
  version        bigint not null check (version >= 1),
  payload        bytea not null,
  created_at     timestamptz not null,
  sent_at        timestamptz,
  primary key (experiment_id, version)
);

create index outbox_unsent on outbox (created_at, experiment_id, version) where sent_at is null;
create index outbox_sent on outbox (sent_at) where sent_at is not null;
