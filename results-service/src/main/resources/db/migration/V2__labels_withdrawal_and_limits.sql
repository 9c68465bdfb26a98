-- Names, studies and files are labels beside an experiment's id: the same experiment may be given
-- under several. Every label is kept; experiment has the one that is shown, the newest given.
create table experiment_label (
  id             text primary key,
  experiment_id  text not null references experiment on delete cascade,
  name           text not null,
  study_id       text,
  origin         text not null check (origin is json object),
  given_at       timestamptz not null,
  first_seen     timestamptz not null
);

create index experiment_label_experiment on experiment_label (experiment_id, given_at);
create index experiment_label_study on experiment_label (study_id, experiment_id) where study_id is not null;

insert into experiment_label
  select id || '/first', id, name, study_id, origin, received_at, received_at from experiment;

-- The message that says how the work stands, apart from the best claim: whether it was the last,
-- what it claimed, and whether that was refuted.
alter table result add column standing_last boolean;
alter table result add column standing_refuted boolean;
alter table result add column standing_value double precision
  check (standing_value > '-Infinity' and standing_value < 'Infinity');
update result set
  standing_last = complete, standing_refuted = verdict = 'refuted', standing_value = value;
alter table result alter column standing_last set not null;
alter table result alter column standing_refuted set not null;

-- A claim without a value can be refuted too, and one that cannot be read says nothing of itself.
alter table refuted_claim alter column result_id drop not null;
alter table refuted_claim alter column kind drop not null;
alter table refuted_claim alter column claimed drop not null;

-- For what is dropped because of its age or for want of room, the oldest first.
create index pending_claim_age on pending_claim (received_at, payload_sha256);
create index refuted_claim_age on refuted_claim (refuted_at, payload_sha256);

create or replace function certificate_only_tightens() returns trigger language plpgsql as $$
begin
  if new.lower < old.lower or new.upper > old.upper or new.version < old.version then
    raise exception 'certificate of % would loosen: [%, %] version % after [%, %] version %',
      old.experiment_id, new.lower, new.upper, new.version, old.lower, old.upper, old.version;
  end if;
  if old.verdict = 'refuted' and new.verdict <> 'refuted' then
    raise exception 'certificate of % is withdrawn and stays so', old.experiment_id;
  end if;
  return new;
end
$$;
