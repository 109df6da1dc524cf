import { type ComponentType, h } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** A component whose code is fetched when it is first shown; until then nothing is there. */
export function lazily<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let loaded: ComponentType<P> | undefined;
  return function Lazy(props: P) {
    const [component, setComponent] = useState<ComponentType<P> | undefined>(() => loaded);
    useEffect(() => {
      if (component) return;
      void load().then((arrived) => {
        loaded = arrived;
        setComponent(() => arrived);
      });
    }, [component]);
    return component ? h(component, props) : null;
  };
}
