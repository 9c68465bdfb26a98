-- How many certificates there are by verdict, without counting them: every change of a verdict adds
-- a line, which blocks nobody, and results-service adds the lines up now and then.

-- Nobody changes a verdict between the count and the triggers.
lock table certificate in share row exclusive mode;

create table certificate_tally (
  verdict  text not null,
  change   bigint not null
);

insert into certificate_tally (verdict, change)
  select verdict, count(*) from certificate group by verdict;

create function tally_certificate() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    insert into certificate_tally (verdict, change) values (old.verdict, -1);
  end if;
  if tg_op <> 'DELETE' then
    insert into certificate_tally (verdict, change) values (new.verdict, 1);
  end if;
  return null;
end
$$;

create trigger tally_certificate after insert or delete on certificate
  for each row execute function tally_certificate();

create trigger tally_verdict after update on certificate
  for each row when (old.verdict <> new.verdict) execute function tally_certificate();
