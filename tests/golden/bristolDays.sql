-- Daily medians of nine stations in Bristol from their hourly means, by nothing of this project. A station's day (UTC+1) is the mean of its
-- hours, at least 18; the place's day is the median of the stations valid that day, at least 3.
WITH stations AS (
  UNPIVOT (SELECT * FROM read_csv($file, delim = ';', header = true, all_varchar = true)) ON COLUMNS('.*\.pm10') INTO NAME station VALUE value
), days AS (
  SELECT station, (CAST(hour AS BIGINT) + 1) // 24 AS day, avg(CAST(value AS DOUBLE)) AS mean
  FROM stations WHERE value IS NOT NULL AND value <> '' GROUP BY 1, 2 HAVING count(*) >= 18
)
SELECT strftime(make_timestamp(day * 86400000000), '%Y-%m-%d') AS date, median(mean) AS mean
FROM days GROUP BY day HAVING count(*) >= 3 ORDER BY day
