import type { MapModel } from '../state/mapModel.ts';
import { VIEWS } from '../state/urlState.ts';
import { Choice } from './choice.tsx';
import { ConnectionStatus } from './connectionStatus.tsx';
import { SearchBox } from './searchBox.tsx';

/** The map page's part of the header: search, map or table, connection. */
export function HeaderTools({ model }: { model: MapModel }) {
  const { t } = model.context;
  return (
    <>
      <SearchBox model={model} />
      <Choice
        name="view"
        label={t.viewLabel}
        isLabelHidden
        options={VIEWS.map((value) => ({ value, label: t.views[value] }))}
        value={model.view.value}
        onChoose={(view) => {
          model.view.value = view;
        }}
      />
      <ConnectionStatus model={model} />
    </>
  );
}
