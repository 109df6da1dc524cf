import { SENSOR_MODELS } from '../../../server/domain/sensorModel.ts';

/** Models of a kind as the choices of a `Select`. */
export function modelsOf(kind: 'pm' | 'climate'): { value: string; label: string }[] {
  return SENSOR_MODELS.filter((model) => model.kind === kind).map(({ id, name }) => ({ value: id, label: name }));
}

/** True for a model that is there to measure particulates. */
export function isPmModel(model: string): boolean {
  return SENSOR_MODELS.some(({ id, kind }) => id === model && kind === 'pm');
}
