/** On which channel PostgreSQL tells that a topic of the log grew. */
export const logChannel = 'facet_events';

/**
 * The event log as SQL, run as the role `facet_events`, which owns it. Other roles reach it only through the functions. `append` holds the topic's row until its
 * transaction ends, so positions are given in the order of commits and a reader never passes one that is still to come.
 */
export const logSchema = `
create table if not exists events.topic (name text primary key, owner name not null, last_position bigint not null default 0);

create table if not exists events.record (
  topic text not null references events.topic, position bigint not null,
  id uuid not null, key text not null, type text not null, source text not null, time timestamptz not null, traceparent text, data bytea not null,
  consumer_group text, reason text,
  primary key (topic, position)
);

-- When it was appended, in the order of positions. Records from before there was such a column have none.
alter table events.record add column if not exists recorded_at timestamptz;
alter table events.record alter column recorded_at set default clock_timestamp();

create table if not exists events.reader (role name not null, topic text not null, primary key (role, topic));

create table if not exists events.group_position (consumer_group text not null, topic text not null references events.topic,
  position bigint not null default 0, primary key (consumer_group, topic));

create or replace function events.is_own_group(p_group text) returns boolean language sql stable security definer set search_path = events, pg_temp as $$
  select exists (select from pg_roles where rolname = replace(split_part(p_group, '.', 1), '-', '_') and pg_has_role(session_user, oid, 'member'))
$$;

create or replace function events.check_group(p_group text) returns void language plpgsql stable security definer set search_path = events, pg_temp as $$
begin
  if not events.is_own_group(p_group) then
    raise exception 'The group % belongs to another role than %', p_group, session_user using errcode = '42501';
  end if;
end $$;

create or replace function events.check_reader(p_topic text) returns void language plpgsql stable security definer set search_path = events, pg_temp as $$
begin
  if not exists (select from events.reader where role = session_user and topic in ('*', p_topic)) and not pg_has_role(session_user, current_user, 'member') then
    raise exception 'The role % may not read the topic %', session_user, p_topic using errcode = '42501';
  end if;
end $$;

create or replace function events.append(p_topic text, p_ids uuid[], p_keys text[], p_types text[], p_sources text[], p_times timestamptz[],
  p_traceparents text[], p_data bytea[]) returns void language plpgsql security definer set search_path = events, pg_temp as $$
declare v_last bigint;
begin
  update events.topic set last_position = last_position + cardinality(p_ids)
    where name = p_topic and pg_has_role(session_user, owner, 'member') returning last_position into v_last;
  if not found then
    raise exception 'The topic % does not exist or belongs to another role than %', p_topic, session_user using errcode = '42501';
  end if;
  insert into events.record (topic, position, id, key, type, source, time, traceparent, data)
    select p_topic, v_last - cardinality(p_ids) + n, id, key, type, source, time, traceparent, data
    from unnest(p_ids, p_keys, p_types, p_sources, p_times, p_traceparents, p_data) with ordinality as e (id, key, type, source, time, traceparent, data, n);
  perform pg_notify('${logChannel}', p_topic);
end $$;

create or replace function events.last_position(p_topic text) returns bigint language sql stable security definer set search_path = events, pg_temp as $$
  select last_position from events.topic where name = p_topic
$$;

create or replace function events.position_at(p_topic text, p_time timestamptz) returns bigint
  language sql stable security definer set search_path = events, pg_temp as $$
  select events.check_reader(p_topic);
  select coalesce((select position from events.record where topic = p_topic and (recorded_at is null or recorded_at < p_time)
    order by position desc limit 1), 0)
$$;

create or replace function events.read(p_topic text, p_after bigint, p_limit int) returns setof events.record
  language sql stable security definer set search_path = events, pg_temp as $$
  select events.check_reader(p_topic);
  select * from events.record where topic = p_topic and position > p_after order by position limit p_limit
$$;

create or replace function events.join_group(p_group text, p_topic text) returns void language plpgsql security definer set search_path = events, pg_temp as $$
begin
  perform events.check_group(p_group);
  insert into events.group_position (consumer_group, topic) values (p_group, p_topic) on conflict do nothing;
end $$;

create or replace function events.advance(p_group text, p_topic text, p_position bigint) returns void
  language plpgsql security definer set search_path = events, pg_temp as $$
begin
  perform events.check_group(p_group);
  update events.group_position set position = p_position where consumer_group = p_group and topic = p_topic and position < p_position;
end $$;

create or replace function events.read_group(p_group text, p_topic text, p_limit int) returns setof events.record
  language sql stable security definer set search_path = events, pg_temp as $$
  select r.* from events.group_position g join events.record r on r.topic = g.topic and r.position > g.position
  where g.consumer_group = p_group and g.topic = p_topic order by r.position limit p_limit
$$;

create or replace function events.behind(p_group text, p_topics text[]) returns bigint language sql stable security definer set search_path = events, pg_temp as $$
  select coalesce(sum(t.last_position - coalesce(g.position, 0)), 0)::bigint
  from events.topic t left join events.group_position g on g.topic = t.name and g.consumer_group = p_group where t.name = any (p_topics)
$$;

create or replace function events.dead_letter(p_group text, p_topic text, p_position bigint, p_reason text) returns void
  language plpgsql security definer set search_path = events, pg_temp as $$
declare v_last bigint; v_dlq text := p_topic || '.dlq';
begin
  perform events.check_group(p_group);
  insert into events.topic (name, owner) values (v_dlq, current_user) on conflict do nothing;
  update events.topic set last_position = last_position + 1 where name = v_dlq returning last_position into v_last;
  insert into events.record (topic, position, id, key, type, source, time, traceparent, data, consumer_group, reason)
    select v_dlq, v_last, id, key, type, source, time, traceparent, data, p_group, p_reason from events.record where topic = p_topic and position = p_position;
end $$;
`;
