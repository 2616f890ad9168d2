-- Who may only read: events, cells, and the view for people.
grant usage on schema ${schema} to ${reader};
grant select on ${schema}.head, ${schema}.events, ${schema}.cells, ${schema}.log to ${reader};
grant execute on function ${schema}.json_or_null to ${reader};

-- Who may append and set cells: through the functions only, never by INSERT, UPDATE or DELETE.
grant usage on schema ${schema} to ${writer};
grant select on ${schema}.head, ${schema}.events, ${schema}.cells, ${schema}.log to ${writer};
grant execute on function ${schema}.json_or_null, ${schema}.append_event, ${schema}.append_plain,
  ${schema}.append_group, ${schema}.fence, ${schema}.set_cell to ${writer};
