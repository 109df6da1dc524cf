import { describe, expect, it } from '@jest/globals';
import { publicPosition, type Station } from '../../server/domain/station.ts';
import {
  annotationsIn,
  historyOfChange,
  indoorPeriods,
  isMove,
  MARKS,
  type MarkKind,
  marksIn,
  placeAt,
  placesIn,
  type SeriesMark,
  wasMovedIn,
  withMark,
} from '../../server/domain/stationHistory.ts';

const STATION: Station = {
  id: 'balkon0001',
  locationId: 1_000_000_000,
  name: 'Balkon',
  position: { lat: 51.45, lon: 7.01 },
  positionGridMetres: 100,
  isIndoor: false,
  isPublishedIndoor: false,
  isNoisePublic: false,
  sensorModels: ['sds011', 'dht22'],
  status: 'active',
  source: 'direct',
  licence: 'ODbL-1.0',
  externalIds: [],
  createdAt: 0,
};
const ELSEWHERE = { lat: 51.5, lon: 7.1 };

describe('the history of a station', () => {
  it('knows where it stood before each move', () => {
    const moved = { ...STATION, position: ELSEWHERE };
    const once = { ...moved, ...historyOfChange(STATION, moved, { at: 100, isCorrection: false }) };
    const back = { ...once, position: { lat: 51.6, lon: 7.2 } };
    const twice = { ...back, ...historyOfChange(once, back, { at: 200, isCorrection: false }) };
    expect([0, 99, 100, 199, 200].map((at) => placeAt(twice, at).position)).toEqual([
      STATION.position,
      STATION.position,
      ELSEWHERE,
      ELSEWHERE,
      back.position,
    ]);
    expect(twice.marks).toEqual([
      { kind: 'moved', at: 100 },
      { kind: 'moved', at: 200 },
    ]);
  });

  it('says of a station that went through the door in which direction, also when it hangs elsewhere then', () => {
    const indoors = { ...STATION, isIndoor: true };
    const changed = (former: Station, next: Station) =>
      historyOfChange(former, next, { at: 100, isCorrection: false }).marks;
    expect(changed(STATION, indoors)).toEqual([{ kind: 'brought-indoors', at: 100 }]);
    expect(changed(indoors, { ...STATION, position: ELSEWHERE })).toEqual([{ kind: 'brought-outdoors', at: 100 }]);
    expect(changed(indoors, { ...indoors, position: ELSEWHERE })).toEqual([{ kind: 'moved', at: 100 }]);
  });

  it('knows every place it stood at in a half-open window', () => {
    const places = { ...STATION, formerPlaces: [{ position: ELSEWHERE, until: 100 }] };
    const lons = (start: number, end: number) => placesIn(places, { start, end }).map(({ position }) => position.lon);
    expect(lons(0, 100)).toEqual([7.1]);
    expect(lons(0, 101)).toEqual([7.1, 7.01]);
    expect(lons(100, 200)).toEqual([7.01]);
  });

  it('was moved in a window when it was moved between its ends', () => {
    const { formerPlaces } = historyOfChange(
      STATION,
      { ...STATION, position: ELSEWHERE },
      { at: 100, isCorrection: false },
    );
    const wasMoved = (start: number, end: number) =>
      wasMovedIn({ ...(formerPlaces && { formerPlaces }) }, { start, end });
    expect([wasMoved(99, 101), wasMoved(100, 200), wasMoved(0, 100)]).toEqual([true, false, false]);
    expect(wasMovedIn({}, { start: 0, end: 200 })).toBe(false);
  });

  it('shows earlier places no finer than today', () => {
    const coarse = { ...STATION, positionGridMetres: 2000, formerPlaces: [{ position: ELSEWHERE, until: 100 }] };
    expect(publicPosition(placeAt(coarse, 50))).toEqual(
      publicPosition({ position: ELSEWHERE, positionGridMetres: 2000 }),
    );
  });

  it('knows when a station that is outdoors measured indoors, however often it was moved since', () => {
    const change = (station: Station, next: Partial<Station>, how: { at: number; isCorrection?: boolean }): Station => {
      const changed = { ...station, ...next };
      return { ...changed, ...historyOfChange(station, changed, { isCorrection: false, ...how }) };
    };
    const indoors = change(STATION, { isIndoor: true }, { at: 100 });
    expect(indoorPeriods(indoors)).toEqual([]);
    const back = change(change(indoors, { position: ELSEWHERE }, { at: 150 }), { isIndoor: false }, { at: 200 });
    expect(indoorPeriods(back)).toEqual([
      { from: 100, to: 150 },
      { from: 150, to: 200 },
    ]);
    expect(back.marks?.map(({ at }) => at)).toEqual([100, 150, 200]);
    expect(indoorPeriods(change(indoors, { isIndoor: false }, { at: 200, isCorrection: true }))).toEqual([]);
    const always = change({ ...STATION, isIndoor: true }, { isIndoor: false }, { at: 300 });
    expect(indoorPeriods(always)).toEqual([{ from: Number.NEGATIVE_INFINITY, to: 300 }]);
    let wandering = back;
    for (let at = 301; at < 600; at++) wandering = change(wandering, { position: { lat: at / 100, lon: 7 } }, { at });
    expect(wandering.formerPlaces).toHaveLength(200);
    expect(indoorPeriods(wandering)).toEqual([{ from: Number.NEGATIVE_INFINITY, to: 400 }]);
  });

  it('tells moves and other sensors, not corrections, other names or the order of the sensors', () => {
    const how = { at: 7, isCorrection: false };
    expect(historyOfChange(STATION, { ...STATION, name: 'Hof', sensorModels: ['dht22', 'sds011'] }, how)).toEqual({});
    expect(historyOfChange(STATION, { ...STATION, position: ELSEWHERE }, { at: 7, isCorrection: true })).toEqual({});
    expect(historyOfChange(STATION, { ...STATION, sensorModels: ['sps30'] }, { at: 7, isCorrection: true })).toEqual(
      {},
    );
    expect(historyOfChange(STATION, { ...STATION, sensorModels: ['sps30'] }, how)).toEqual({
      marks: [{ kind: 'sensor-changed', at: 7 }],
    });
    expect(historyOfChange(STATION, { ...STATION, sensorModels: ['sps30', 'dht22'] }, how)).toEqual({
      marks: [{ kind: 'sensor-changed', at: 7 }],
    });
    expect(
      historyOfChange({ ...STATION, sensorModels: ['sds011'] }, { ...STATION, sensorModels: ['sps30'] }, how),
    ).toHaveProperty('marks');
    expect(historyOfChange({ ...STATION, sensorModels: [] }, STATION, how)).toEqual({});
  });

  it('marks as a move what brought it elsewhere, or through the door', () => {
    expect((Object.keys(MARKS) as MarkKind[]).filter(isMove)).toEqual(['moved', 'brought-indoors', 'brought-outdoors']);
  });

  it('keeps the newest marks', () => {
    let marks: SeriesMark[] = [];
    for (let at = 0; at < 250; at++) marks = withMark(marks, { kind: 'moved', at });
    expect([marks.length, marks[0]?.at, marks.at(-1)?.at]).toEqual([200, 50, 249]);
  });

  it('finds what touches a half-open window', () => {
    const annotation = { id: 'a', kind: 'stove', from: 10, to: 20, createdAt: 0 } as const;
    const found = (start: number, end: number) => annotationsIn([annotation], { start, end }).length;
    expect([found(0, 10), found(0, 11), found(19, 30), found(20, 30)]).toEqual([0, 1, 1, 0]);
    const marks = [{ kind: 'moved', at: 10 }] as const;
    expect([marksIn(marks, { start: 10, end: 11 }).length, marksIn(marks, { start: 0, end: 10 }).length]).toEqual([
      1, 0,
    ]);
  });
});
