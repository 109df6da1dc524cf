export { INFLUX_ADMIN, Influxd, startInfluxd } from '../../bench/support/influxd.ts';
