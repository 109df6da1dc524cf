import type { PageContext } from '../state/pageContext.ts';
import { THEMES } from '../state/theme.ts';

/** Light, dark, or as the system. */
export function ThemeSwitch({ context }: { context: PageContext }) {
  const { t, theme } = context;
  return (
    <label class="theme-switch">
      <span>{t.theme}</span>
      <select
        value={theme.chosen.value}
        onChange={({ currentTarget }) => {
          theme.chosen.value = THEMES.find((name) => name === currentTarget.value) ?? 'system';
        }}
      >
        {THEMES.map((name) => (
          <option key={name} value={name}>
            {t.themes[name]}
          </option>
        ))}
      </select>
    </label>
  );
}
