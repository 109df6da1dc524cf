import { type ReadonlySignal, type Signal, useComputed, useSignal } from '@preact/signals';
import { decimalsOf } from '../../server/domain/format.ts';
import { UNITS } from '../../server/domain/quantity.ts';
import type { MapModel } from '../state/mapModel.ts';
import { appearanceOf, type MapStation } from '../state/station.ts';
import { stationPath } from '../state/stationLinks.ts';
import { wordsOf } from '../state/stationWords.ts';
import { orderStations, type Sorting, type SortKey } from '../state/tableRows.ts';
import { layerSentence } from './layerPanel.tsx';
import { Swatch } from './legend.tsx';

/** Rows shown at once; more on request. */
const PAGE_ROWS = 100;

type Column = keyof MapModel['context']['t']['column'];
const COLUMNS: readonly { column: Column; key?: SortKey; isNumber?: boolean }[] = [
  { column: 'name', key: 'name' },
  { column: 'value', key: 'value', isNumber: true },
  { column: 'class' },
  { column: 'coverage', key: 'coverage', isNumber: true },
  { column: 'age', key: 'age' },
  { column: 'state', key: 'state' },
  { column: 'kind' },
];

/**
 * The map as a table: every station with the same content. Values follow the live data; the order stays as it was made,
 * so that no row moves away under the reader, until it is sorted or filtered again.
 */
export function StationTable({ model }: { model: MapModel }) {
  const { t, format } = model.context;
  const sorting = useSignal<Sorting>({ key: 'value', isDescending: true });
  const filter = useSignal('');
  const isInViewOnly = useSignal(false);
  const limit = useSignal(PAGE_ROWS);
  const order = useOrder(model, { sorting, filter, isInViewOnly });
  const sortBy = (key: SortKey) => {
    const isSame = sorting.value.key === key;
    sorting.value = { key, isDescending: isSame ? !sorting.value.isDescending : key === 'value' };
  };
  const backToFirstPage = () => {
    limit.value = PAGE_ROWS;
  };
  const shown = order.value.slice(0, limit.value);
  void model.valueNow.value;
  return (
    <div class="table-view">
      <h2 id="table-heading">{t.views.table}</h2>
      <p class="table-what" id="table-what">
        {t.tableCaption({ layer: layerSentence(model), at: format.time(model.valueNow.value) })} {t.onlyParticulates}
      </p>
      <div class="table-tools">
        <Filters model={model} filter={filter} isInViewOnly={isInViewOnly} onFilter={backToFirstPage} />
        <RowsShown model={model} shown={shown.length} total={order.value.length} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, and the keyboard must reach that */}
      <section class="table-scroll" tabIndex={0} aria-labelledby="table-heading">
        <table class="station-table" aria-labelledby="table-heading" aria-describedby="table-what">
          <TableHead model={model} sorting={sorting.value} onSort={sortBy} />
          <tbody>
            {shown.map((station) => (
              <Row key={station.id} model={model} station={station} />
            ))}
          </tbody>
        </table>
      </section>
      <Credits model={model} />
      {shown.length < order.value.length && (
        <button
          type="button"
          class="button"
          onClick={() => {
            limit.value += PAGE_ROWS;
          }}
        >
          {t.moreRows}
        </button>
      )}
    </div>
  );
}

/** What a reader chose of the table. */
interface Choices {
  sorting: Signal<Sorting>;
  filter: Signal<string>;
  isInViewOnly: Signal<boolean>;
}

/** Stations in their order, made anew when stations come or go and when the reader chooses otherwise. */
function useOrder(model: MapModel, { sorting, filter, isInViewOnly }: Choices): ReadonlySignal<readonly MapStation[]> {
  return useComputed(() => {
    void [model.store.version.value.layout, model.quantity.value, model.average.value];
    const now = model.valueNow.peek();
    const average = model.average.value;
    return orderStations(isInViewOnly.value ? model.stationsInView() : model.store.stations, {
      filter: filter.value,
      sorting: sorting.value,
      appearance: (station) => appearanceOf(station, now, average),
      collator: new Intl.Collator(model.context.language),
    });
  });
}

interface FiltersProps extends Omit<Choices, 'sorting'> {
  model: MapModel;
  /** Told of every other text. */
  onFilter: () => void;
}

function Filters({ model, filter, isInViewOnly, onFilter }: FiltersProps) {
  const { t } = model.context;
  return (
    <>
      <label class="field">
        <span class="field-label">{t.filter}</span>
        <input
          type="search"
          value={filter}
          onInput={({ currentTarget }) => {
            filter.value = currentTarget.value;
            onFilter();
          }}
        />
      </label>
      {model.bounds.value && (
        <label class="check">
          <input
            type="checkbox"
            checked={isInViewOnly.value}
            onChange={({ currentTarget }) => {
              isInViewOnly.value = currentTarget.checked;
            }}
          />
          <span>{t.onlyInView}</span>
        </label>
      )}
    </>
  );
}

/** How many rows there are, and why there may be none; said when it changes. */
function RowsShown({ model, shown, total }: { model: MapModel; shown: number; total: number }) {
  const { t, format } = model.context;
  return (
    <p class="rows-shown" role="status">
      {rowsShown()}
    </p>
  );

  function rowsShown(): string {
    if (total > 0) return t.rowsShown({ shown: format.number(shown, 0), total: format.number(total, 0) });
    return model.store.stations.length === 0 ? t.noStations : t.noRows;
  }
}

/** Sources of stations that are not this instance's own. */
function Credits({ model }: { model: MapModel }) {
  const { t, instance } = model.context;
  return (
    <>
      {instance.credits?.map(({ name, url, licence, licenceUrl }) => (
        <p class="table-credit" key={name}>
          {t.creditSome} <a href={url}>{name}</a> (
          <a href={licenceUrl} rel="license">
            {licence}
          </a>
          )
        </p>
      ))}
    </>
  );
}

function TableHead({ model, sorting, onSort }: { model: MapModel; sorting: Sorting; onSort: (key: SortKey) => void }) {
  const { t } = model.context;
  return (
    <thead>
      <tr>
        {COLUMNS.map(({ column, key, isNumber }) => {
          if (!key)
            return (
              <th key={column} scope="col">
                {t.column[column]}
              </th>
            );
          const isSorted = sorting.key === key;
          const direction = isSorted ? (sorting.isDescending ? 'descending' : 'ascending') : 'none';
          return (
            <th key={column} scope="col" aria-sort={direction} class={isNumber ? 'number' : undefined}>
              <button type="button" class="sort-button" onClick={() => onSort(key)}>
                {column === 'value' ? `${t.column.value} (${UNITS[model.quantity.value]})` : t.column[column]}
                <span class={`sort-mark is-${direction}`} aria-hidden="true" />
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

function Row({ model, station }: { model: MapModel; station: MapStation }) {
  const { t, language } = model.context;
  const words = wordsOf(model, station);
  return (
    <tr class={`is-${words.appearance}`}>
      <th scope="row">
        <a
          href={stationPath(station.id, location.search)}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
            event.preventDefault();
            model.select(station.id);
          }}
        >
          {station.name}
        </a>
      </th>
      <td class="number">
        {station.value === null ? '–' : model.context.format.number(station.value, decimalsOf(model.quantity.value))}
      </td>
      <td class="station-class">
        {words.band && <Swatch band={words.band} />}
        {words.band ? words.band.names[language] : '–'}
      </td>
      <td class="number">{model.average.value === 'latest' ? '–' : words.coverage}</td>
      <td>{words.age}</td>
      <td>{words.state}</td>
      <td>
        {t.kind[station.kind]}
        {station.isIndoor && `, ${t.indoor}`}
      </td>
    </tr>
  );
}
