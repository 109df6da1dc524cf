import { takeNumber } from './stationDraft.ts';
import type { Scene, Written } from './stationScene.ts';

/** The permanent numbers of sensors, in their order; undefined for those of a station that is not there. */
export async function writeSensorNumbers(
  { writer, memory }: Scene,
  places: readonly { stationId: string; sensor: string }[],
): Promise<Written<(number | undefined)[]>> {
  const counter = { nextNumber: memory.nextNumber };
  const news = places.flatMap(({ stationId, sensor }) => {
    const isNew = memory.station(stationId) !== undefined && memory.number(stationId, sensor) === undefined;
    return isNew ? [{ stationId, sensor, number: takeNumber(counter) }] : [];
  });
  if (news.length > 0) {
    await writer.insertNumbers(news);
    await writer.writeNextNumber(counter.nextNumber);
  }
  const numbers = new Map(news.map(({ stationId, sensor, number }) => [`${stationId}/${sensor}`, number]));
  const keep = () => {
    for (const { stationId, sensor, number } of news) memory.putNumber(stationId, sensor, number);
    memory.nextNumber = counter.nextNumber;
  };
  const answer = places.map(({ stationId, sensor }) => {
    return memory.number(stationId, sensor) ?? numbers.get(`${stationId}/${sensor}`);
  });
  return { answer, keep };
}

/** Numbers that sensors bring from elsewhere. */
export async function writeKeptNumbers(
  { writer, memory }: Scene,
  kept: readonly { stationId: string; sensor: string; number: number }[],
): Promise<Written<void>> {
  const news = kept.filter(({ stationId, sensor, number }) => {
    return memory.station(stationId) !== undefined && memory.takesNumber(stationId, sensor, number);
  });
  await writer.insertNumbers(news);
  const keep = () => {
    for (const { number, stationId, sensor } of news) memory.putNumber(stationId, sensor, number);
  };
  return { answer: undefined, keep };
}

/** Numbers that go with sensors to another station. */
export async function writeMovedNumbers(
  { writer, memory }: Scene,
  moves: readonly { sensor: string; number: number; from: string; to: string }[],
): Promise<Written<void>> {
  const here = moves.filter(({ sensor, number, from }) =>
    [memory.number(from, sensor), ...memory.secondNumbers(from, sensor)].includes(number),
  );
  await writer.moveNumbers(here);
  const keep = () => {
    for (const { sensor, number, from, to } of here) {
      memory.dropNumber(from, sensor, number);
      memory.putNumber(to, sensor, number);
    }
  };
  return { answer: undefined, keep };
}
