-- Daily means of the Bochum year straight from the readings, by nothing of this project: what the ledger is held against.
-- Rules, from docs and 39. BImSchV: an hour is valid with 75 % of the expected readings and one in each 20-minute third; expected follows from
-- the median gap of the last earlier day (UTC+1) that had any; a day is the mean of its valid hours, at least 18. Readings are left out
-- that repeat one value for 6 hours (12 below 2 µg/m³) in 7 readings or more.
WITH readings AS (
  SELECT time, CAST($column AS DOUBLE) AS value FROM read_csv($file, delim = ';', header = true)
), runs AS (
  SELECT *, sum(starts) OVER (ORDER BY time) AS run
  FROM (SELECT *, CASE WHEN value = lag(value) OVER (ORDER BY time) THEN 0 ELSE 1 END AS starts FROM readings)
), stuck AS (
  SELECT run FROM runs GROUP BY run
  HAVING count(*) >= 7 AND max(time) - min(time) >= CASE WHEN any_value(value) < 2 THEN 43200 ELSE 21600 END
), gaps AS (
  SELECT (time + 3600) // 86400 AS day, median(gap) AS gap
  FROM (SELECT time, time - lag(time) OVER (ORDER BY time) AS gap FROM readings)
  WHERE gap IS NOT NULL GROUP BY 1 HAVING count(*) >= 5
), cadences AS (
  SELECT day, coalesce(lag(gap) OVER (ORDER BY day), gap) AS cadence FROM gaps
), hours AS (
  SELECT time // 3600 AS hour, count(*) AS n, avg(value) AS mean, count(DISTINCT (time // 1200) % 3) AS thirds
  FROM runs WHERE run NOT IN (SELECT run FROM stuck) GROUP BY 1
), valid AS (
  SELECT (hour * 3600 + 3600) // 86400 AS day, mean
  FROM hours JOIN cadences ON cadences.day = (hour * 3600 + 3600) // 86400
  WHERE thirds = 3 AND n >= 0.75 * greatest(1, round(3600 / cadence))
)
SELECT strftime(make_timestamp(day * 86400000000), '%Y-%m-%d') AS date, avg(mean) AS mean
FROM valid GROUP BY day HAVING count(*) >= 18 ORDER BY day
