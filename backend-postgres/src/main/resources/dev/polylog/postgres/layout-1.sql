-- The log of a Polylog store in PostgreSQL 14 and later, layout version 1, in the schema ${schema}.
-- The role that runs this owns the log; it needs CREATE on the schema, or on the database where the schema is missing.

create schema if not exists ${schema};

-- One row: which log this is and how far it goes. Every append updates it first and holds it through its commit, so
-- positions are dense and in the order of commits. The low fill factor keeps these updates on one page.
create table ${schema}.head (
  only_row      boolean primary key default true check (only_row),
  layout        integer not null,
  log_id        uuid    not null default gen_random_uuid(),
  epoch         bigint  not null default 1,
  last_position bigint  not null default 0
) with (fillfactor = 10, autovacuum_vacuum_threshold = 100, autovacuum_vacuum_scale_factor = 0);

create table ${schema}.events (
  position     bigint      not null primary key,
  version      bigint      not null,
  recorded_at  timestamptz not null,
  id           uuid        not null,
  stream       text        collate "C" not null,
  type         text        collate "C" not null,
  content_type text        collate "C" not null,
  payload      bytea       not null,
  metadata     bytea       not null,
  unique (stream, version)
) with (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

create index events_by_type on ${schema}.events (type, position);
create index events_by_time on ${schema}.events using brin (recorded_at);

create table ${schema}.cells (
  name     text   collate "C" not null primary key,
  revision bigint not null,
  value    bytea  not null
) with (fillfactor = 50);

-- Events are never changed or deleted, not even by their owner by mistake.
create function ${schema}.refuse_change() returns trigger language plpgsql as $body$
begin
  raise exception 'events of a Polylog log are never changed or deleted'
    using errcode = 'PLG03', hint = 'A correction is a new event.';
end
$body$;

create trigger append_only before update or delete or truncate on ${schema}.events
  for each statement execute function ${schema}.refuse_change();

-- Makes the transaction fit for an append, where it is not so already, before it takes positions. Returns the
-- lock_timeout that it had, if that is another now.
create function ${schema}.prepare_append(lock_ms integer) returns text language plpgsql volatile as $body$
declare
  lock_timeout_before text;
begin
  -- Under any other isolation the statements that follow would not see what was committed while they waited for the head
  -- row.
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'a Polylog append needs the isolation level read committed, not %',
      current_setting('transaction_isolation') using errcode = 'PLG02';
  end if;
  -- For the whole transaction: a SET clause of the function would be taken back before the commit.
  if current_setting('synchronous_commit') not in ('on', 'remote_apply') then
    perform set_config('synchronous_commit', 'on', true);
  end if;
  if lock_ms is not null then
    lock_timeout_before := current_setting('lock_timeout');
    perform set_config('lock_timeout', lock_ms::text, true);
  end if;
  return lock_timeout_before;
end
$body$;

-- Takes the next positions: waits for the head row, which every append holds through its commit. Returns the last
-- position before them. not_after, in seconds since 1970, fences late attempts: whoever comes later writes nothing.
create function ${schema}.take_positions(events integer, not_after double precision, lock_ms integer)
returns bigint language plpgsql volatile as $body$
declare
  last bigint;
  lock_timeout_before text;
begin
  -- Most transactions are fit as they come; asking here saves them a call.
  if lock_ms is not null or current_setting('transaction_isolation') <> 'read committed'
     or current_setting('synchronous_commit') not in ('on', 'remote_apply') then
    lock_timeout_before := prepare_append(lock_ms);
  end if;
  update head set last_position = last_position + events where only_row
  returning last_position - events into strict last;
  if lock_timeout_before is not null then
    perform set_config('lock_timeout', lock_timeout_before, true);
  end if;
  if clock_timestamp() > to_timestamp(not_after) then
    raise exception 'the append came after its deadline' using errcode = 'PLG01';
  end if;
  return last;
end
$body$;

-- Gives all positions back where nothing was written. That changed nothing, so the commit need not wait for the disk, if
-- it ends the call's own transaction: one with a deadline.
create function ${schema}.give_back(last bigint, not_after double precision) returns void
language plpgsql volatile as $body$
begin
  update head set last_position = last where only_row;
  if not_after is not null then
    perform set_config('synchronous_commit', 'off', true);
  end if;
end
$body$;

-- The append functions keep their plans, which are the same for every append: index scans, also while the tables are
-- still too small for that to pay.

-- The short way of the usual append: one event to one stream. expected: -2 any, -1 stream exists, else the version.
-- Returns the event's version and position; null, having written nothing, where it is not plain that the event is to be
-- written: append_group then decides. It takes its position by itself, since a call of take_positions costs a tenth of
-- the whole.
create function ${schema}.append_event(
  not_after double precision, lock_ms integer, to_stream text, expected bigint,
  event_id uuid, event_type text, event_content_type text, event_payload bytea, event_metadata bytea)
returns bigint[] language plpgsql volatile security definer
set search_path = pg_catalog, ${schema}, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off
as $body$
declare
  next bigint;
  tail_version bigint;
  tail_id uuid;
  lock_timeout_before text;
begin
  if lock_ms is not null or current_setting('transaction_isolation') <> 'read committed'
     or current_setting('synchronous_commit') not in ('on', 'remote_apply') then
    lock_timeout_before := prepare_append(lock_ms);
  end if;
  update head set last_position = last_position + 1 where only_row returning last_position into strict next;
  if lock_timeout_before is not null then
    perform set_config('lock_timeout', lock_timeout_before, true);
  end if;
  if clock_timestamp() > to_timestamp(not_after) then
    raise exception 'the append came after its deadline' using errcode = 'PLG01';
  end if;
  select e.version, e.id into tail_version, tail_id
  from events e where e.stream = to_stream order by e.version desc limit 1;
  tail_version := coalesce(tail_version, 0);
  if (case expected when -2 then tail_id is distinct from event_id
                    when -1 then tail_id <> event_id
                    else tail_version = expected end) then
    insert into events
    values (next, tail_version + 1, clock_timestamp(), event_id, to_stream, event_type, event_content_type,
            event_payload, event_metadata);
    return array[tail_version + 1, next];
  end if;
  perform give_back(next - 1, not_after);
  return null;
end
$body$;

-- The short way of the usual group: every append of it is to be written if the streams stand as expected. streams: the
-- names, none twice, and for each what is expected of it before the group, as above. e_: the events in order (number of
-- the stream, how many events of the group go to it before and with this one, and the event itself). No event id occurs
-- twice in a stream. Returns the last position before the group and after it the streams' versions before it; null,
-- having written nothing, where something is not as expected: append_group then decides.
create function ${schema}.append_plain(
  not_after double precision, lock_ms integer, streams text[], expected bigint[],
  e_stream integer[], e_offset integer[], e_id uuid[], e_type text[], e_content_type text[],
  e_payload bytea[], e_metadata bytea[])
returns bigint[] language plpgsql volatile security definer
set search_path = pg_catalog, ${schema}, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off
as $body$
declare
  last bigint := take_positions(cardinality(e_id), not_after, lock_ms);
  versions bigint[];
  as_expected boolean;
begin
  versions := array(
    select coalesce((select e.version from events e where e.stream = s.name order by e.version desc limit 1), 0)
    from unnest(streams) with ordinality as s (name, number) order by s.number);
  as_expected := versions = expected;
  if not as_expected then
    -- Not all are exact. An event that is in the tail already makes a repeat or a duplicate.
    as_expected := not exists (
      select from unnest(expected, versions) as s (expected, version)
      where case s.expected when -2 then false when -1 then s.version = 0 else s.version <> s.expected end)
    and not exists (
      select from (select e.number, max(e.place) as count from unnest(e_stream, e_offset) as e (number, place)
                   where expected[e.number] < 0 group by e.number) as s
      cross join lateral (
        select e.id from events e where e.stream = streams[s.number] and e.version > versions[s.number] - s.count) as e
      where e.id = any (e_id));
  end if;
  if as_expected then
    -- Arrays that are variables are read in any order at the same cost, and quicker than unnest puts them side by side.
    insert into events
    select last + i, versions[e_stream[i]] + e_offset[i], clock_timestamp(), e_id[i], streams[e_stream[i]], e_type[i],
           e_content_type[i], e_payload[i], e_metadata[i]
    from generate_series(1, cardinality(e_id)) as i;
    return last || versions;
  end if;
  perform give_back(last, not_after);
  return null;
end
$body$;

-- Appends a group: every append of it is decided on its own, the later ones see the earlier ones.
-- Everything is numbered from 1 in the order given. streams: the names, none twice. x_: the expectations (append, stream,
-- expected version as above, events that earlier members of the group write to the stream). w_: the writes (append,
-- stream, expected version, number of the first event, count of events, events that earlier writes of the group have
-- for the stream). e_: the events (write, stream's name, and the event itself). No event id occurs twice in a stream.
-- outcome by append: 0 written, 1 repeat, 2 conflict, 3 duplicate; detail: the number of the expectation that does not
-- hold, or of the event that is there; actual: the version of a conflict's stream; last_positions by append;
-- first_versions by write. outcome is null where every append was written.
create function ${schema}.append_group(
  not_after double precision, lock_ms integer, streams text[],
  x_append integer[], x_stream integer[], x_expected bigint[], x_offset integer[],
  w_append integer[], w_stream integer[], w_expected bigint[], w_from integer[], w_count integer[], w_offset integer[],
  e_write integer[], e_stream text[], e_id uuid[], e_type text[], e_content_type text[],
  e_payload bytea[], e_metadata bytea[],
  out outcome integer[], out detail integer[], out actual bigint[],
  out last_positions bigint[], out first_versions bigint[])
language plpgsql volatile security definer
set search_path = pg_catalog, ${schema}, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off
as $body$
declare
  last bigint := take_positions(cardinality(e_id), not_after, lock_ms);
  next bigint := last + 1;
  versions bigint[];
  first_positions bigint[];
  as_assumed boolean;
  found_first bigint[];
  found_event integer[];
  found_position bigint[];
  x integer := 1;
  w integer := 1;
  first_write integer;
  repeated boolean;
  duplicate integer;
begin
  versions := array(
    select coalesce((select e.version from events e where e.stream = s.name order by e.version desc limit 1), 0)
    from unnest(streams) with ordinality as s (name, number) order by s.number);

  -- The usual case: every expectation holds, and no event of a write without an exact expectation is in the tail.
  as_assumed := not exists (
    select from unnest(x_stream, x_expected, x_offset) as x (stream, expected, earlier)
    where case x.expected when -2 then false
                          when -1 then versions[x.stream] + x.earlier = 0
                          else versions[x.stream] + x.earlier <> x.expected end);
  if as_assumed and -1 >= any (w_expected) then
    as_assumed := not exists (
      select from unnest(w_stream, w_expected, w_from, w_count) as w (stream, expected, start, count)
      cross join lateral (
        select e.id from events e where e.stream = streams[w.stream] and e.version > versions[w.stream] - w.count) as e
      where w.expected < 0 and e.id = any (e_id[w.start : w.start + w.count - 1]));
  end if;

  if as_assumed then
    select array_agg(versions[w.stream] + w.earlier + 1 order by w.number), array_agg(last + w.start order by w.number)
    into first_versions, first_positions
    from unnest(w_stream, w_offset, w_from) with ordinality as w (stream, earlier, start, number);
    select array_agg(a.position order by a.append) into last_positions
    from (select w.append, max(last + w.start + w.count - 1) as position
          from unnest(w_append, w_from, w_count) as w (append, start, count) group by w.append) as a;
  else
    -- What stands where a repeat of each write would stand.
    select array_agg(case when f.ids = e_id[w.start : w.start + w.count - 1] then r.first end order by w.number),
           array_agg(w.start - 1 + (
             select min(e.number)::integer
             from unnest(e_id[w.start : w.start + w.count - 1]) with ordinality as e (id, number)
             where e.id = any (f.ids)) order by w.number),
           array_agg(f.position order by w.number)
    into found_first, found_event, found_position
    from unnest(w_stream, w_expected, w_from, w_count) with ordinality as w (stream, expected, start, count, number)
    cross join lateral (
      select case when w.expected >= versions[w.stream] then null
                  when w.expected >= 0 then w.expected + 1
                  else greatest(1, versions[w.stream] - w.count + 1) end as first) as r
    left join lateral (
      select array_agg(e.id order by e.version) as ids, max(e.position) as position
      from events e
      where e.stream = streams[w.stream] and e.version between r.first and r.first + w.count - 1) as f on true;

    for a in 1 .. w_append[cardinality(w_append)] loop
      first_write := w;
      repeated := true;
      duplicate := null;
      last_positions[a] := 0;
      while w_append[w] = a loop
        repeated := repeated and found_first[w] is not null;
        duplicate := coalesce(duplicate, found_event[w]);
        first_versions[w] := found_first[w];
        last_positions[a] := greatest(last_positions[a], found_position[w]);
        w := w + 1;
      end loop;
      outcome[a] := case when repeated then 1 when duplicate is not null then 3 else 0 end;
      detail[a] := duplicate;
      actual[a] := null;
      while x_append[x] = a loop
        if (outcome[a] = 0 and case x_expected[x] when -2 then false
                                                  when -1 then versions[x_stream[x]] = 0
                                                  else versions[x_stream[x]] <> x_expected[x] end) then
          outcome[a] := 2;
          detail[a] := x;
          actual[a] := versions[x_stream[x]];
        end if;
        x := x + 1;
      end loop;
      for i in first_write .. w - 1 loop
        first_positions[i] := null;
        if outcome[a] = 0 then
          first_versions[i] := versions[w_stream[i]] + 1;
          versions[w_stream[i]] := versions[w_stream[i]] + w_count[i];
          first_positions[i] := next;
          next := next + w_count[i];
          last_positions[a] := next - 1;
        end if;
      end loop;
    end loop;
    if next - 1 = last and 1 <> all (outcome) then
      perform give_back(last, not_after);
    else
      update head set last_position = next - 1 where only_row;
    end if;
  end if;

  insert into events
  select first_positions[e.write] + e.number - w_from[e.write], first_versions[e.write] + e.number - w_from[e.write],
         clock_timestamp(), e.id, e.stream, e.type, e.content_type, e.payload, e.metadata
  from unnest(e_write, e_stream, e_id, e_type, e_content_type, e_payload, e_metadata)
       with ordinality as e (write, stream, id, type, content_type, payload, metadata, number)
  where first_positions[e.write] is not null;
end
$body$;

-- Waits until every append that has taken positions has ended, and commits as durably as they do. Returns whether the
-- server's clock has passed not_after: then no attempt that was given that deadline can write any more.
create function ${schema}.fence(not_after double precision, lock_ms integer) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, ${schema}, pg_temp as $body$
begin
  perform take_positions(0, null, lock_ms);
  return clock_timestamp() > to_timestamp(not_after);
end
$body$;

-- Sets a cell if its revision is the expected one, 0 where it must not exist. Returns its revision afterwards.
create function ${schema}.set_cell(
  cell_name text, expected bigint, new_value bytea, out done boolean, out cell_revision bigint)
language plpgsql volatile security definer set search_path = pg_catalog, ${schema}, pg_temp as $body$
begin
  if current_setting('synchronous_commit') not in ('on', 'remote_apply') then
    perform set_config('synchronous_commit', 'on', true);
  end if;
  if expected = 0 then
    insert into cells as c values (cell_name, 1, new_value) on conflict do nothing
    returning c.revision into cell_revision;
  else
    update cells c set revision = c.revision + 1, value = new_value
    where c.name = cell_name and c.revision = expected returning c.revision into cell_revision;
  end if;
  done := cell_revision is not null;
  if not done then
    cell_revision := coalesce((select c.revision from cells c where c.name = cell_name), 0);
  end if;
end
$body$;

-- For whoever has restored a backup: tells subscriptions that the log may have lost its tail. Owner only.
create function ${schema}.bump_epoch() returns bigint
language sql volatile set search_path = pg_catalog, ${schema}, pg_temp as $body$
  update head set epoch = epoch + 1 returning epoch;
$body$;

-- JSON for people; null where the bytes are no JSON that PostgreSQL can hold.
create function ${schema}.json_or_null(bytes bytea) returns jsonb
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $body$
begin
  return convert_from(bytes, 'UTF8')::jsonb;
exception when others then
  return null;
end
$body$;

-- The log as people read it. Keys of JSON are in another order here, and numbers in another form, than in the payload.
create view ${schema}.log as
select e.position, e.stream, e.version, e.type, ${schema}.json_or_null(e.payload) as payload,
       ${schema}.json_or_null(e.metadata) as metadata, e.recorded_at, e.id, e.content_type,
       octet_length(e.payload) as payload_bytes
from ${schema}.events e;

revoke all on all functions in schema ${schema} from public;

insert into ${schema}.head (layout) values (1);
