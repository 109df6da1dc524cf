/** What somebody would put where a name belongs, for SQL and InfluxQL, lines and shells. */
export const HOSTILE_TEXTS: readonly string[] = [
  `' OR 1=1 --`,
  `' OR ''='`,
  `a'; DROP TABLE readings; --`,
  `a'; DROP MEASUREMENT "reading"; --`,
  `"; DROP DATABASE readings; --`,
  `pm25) FROM readings; DELETE FROM readings; --`,
  `pm25" FROM "message`,
  `.*`,
  `$1`,
  `\\' OR 1=1 --`,
  `a\nreading,station=aaaaaaaaa1,sensor=sds011 pm25=1`,
  `%27%20OR%201=1`,
  `../../etc/passwd`,
  `a\0b`,
];
