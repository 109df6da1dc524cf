import { HEIGHT_CLASSES, type HeightClass, SITINGS, type Siting } from '../../../server/domain/station.ts';
import type { HostContext } from '../../state/host/hosting.ts';
import { Select } from './select.tsx';

interface HeightAndSitingProps {
  context: HostContext;
  ids: { height: string; siting: string };
  /** Empty where nothing was said. */
  heightClass: HeightClass | '';
  siting: Siting | '';
  onHeightClass: (heightClass: HeightClass | '') => void;
  onSiting: (siting: Siting | '') => void;
}

/** How high a sensor hangs and what is around it; both may stay unsaid. */
export function HeightAndSiting({ context, ids, onHeightClass, onSiting, ...chosen }: HeightAndSitingProps) {
  const { t, h } = context;
  const unsaid = { value: '', label: h.notSaid };
  return (
    <>
      <Select
        id={ids.height}
        label={h.height}
        options={[unsaid, ...HEIGHT_CLASSES.map((value) => ({ value, label: t.heightClass[value] }))]}
        value={chosen.heightClass}
        onChange={(value) => onHeightClass(value as HeightClass | '')}
      />
      <Select
        id={ids.siting}
        label={h.siting}
        options={[unsaid, ...SITINGS.map((value) => ({ value, label: t.siting[value] }))]}
        value={chosen.siting}
        onChange={(value) => onSiting(value as Siting | '')}
      />
    </>
  );
}
