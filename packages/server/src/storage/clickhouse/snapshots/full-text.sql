SELECT trace_id, toString(version) AS version, experiment_id, start_ns,
  tuple(0) AS keys
FROM traces FINAL
WHERE experiment_id = {p0:String} AND trace_id IN (SELECT trace_id FROM spans FINAL WHERE (ifNull(lowerUTF8(concat(name, '\n', status_message,
  arrayStringConcat(arrayMap((k, v) -> concat('\n', k, ': ', if(startsWith(if(v = '', payloads[k], v), '\''), substring(if(v = '', payloads[k], v), 2), if(v = '', payloads[k], v))), mapKeys(attributes), mapValues(attributes))),
  arrayStringConcat(arrayMap((n, a) -> concat('\n', n, ' ', a), event_names, event_attributes)))) LIKE {p1:String}, false)))
ORDER BY start_ns DESC, trace_id ASC
LIMIT {p2:UInt32}

-- p0 = "7"
-- p1 = "%refund policy%"
-- p2 = 101
