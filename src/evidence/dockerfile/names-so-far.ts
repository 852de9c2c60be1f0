/** Names that grow along a stage. Every instruction keeps a view of those that were there before it. */
export interface NamesSoFar {
  add(name: string): void;
  /** The names so far; later ones do not show in it. */
  view(): ReadonlySet<string>;
  /** A stage that goes on from here. */
  fork(): NamesSoFar;
}

const MOST_LAYERS = 32;

interface Layer {
  /** Name and its place in the order. */
  own: Map<string, number>;
  below: { layer: Layer; limit: number } | null;
  height: number;
}

/**
 * Starts with some names. All views of a stage share one map, so that ten thousand RUN behind ten thousand ENV cost
 * no more than twenty thousand entries.
 */
export function namesSoFar(names: Iterable<string>): NamesSoFar {
  const own = new Map<string, number>();
  for (const name of names) if (!own.has(name)) own.set(name, own.size);
  return growing({ own, below: null, height: 0 });
}

function growing(layer: Layer): NamesSoFar {
  let shown: ReadonlySet<string> | null = null;
  return {
    add: (name) => {
      if (layer.own.has(name)) return;
      layer.own.set(name, layer.own.size);
      shown = null;
    },
    view: () => (shown ??= viewOf(layer, layer.own.size)),
    fork: () => {
      const limit = layer.own.size;
      if (layer.height < MOST_LAYERS) {
        return growing({ own: new Map(), below: { layer, limit }, height: layer.height + 1 });
      }
      return namesSoFar(allOf(layer, limit));
    },
  };
}

function has({ own, below }: Layer, limit: number, name: string): boolean {
  const place = own.get(name);
  if (place !== undefined && place < limit) return true;
  return below !== null && has(below.layer, below.limit, name);
}

/** All names up to a limit, the oldest first; some may come twice. */
function* allOf(top: Layer, limit: number): Generator<string> {
  const layers: { layer: Layer; limit: number }[] = [];
  for (let at: Layer["below"] = { layer: top, limit }; at !== null; at = at.layer.below) layers.push(at);
  for (const { layer, limit: most } of layers.toReversed()) {
    for (const [name, place] of layer.own) {
      if (place >= most) break;
      yield name;
    }
  }
}

function viewOf(layer: Layer, limit: number): ReadonlySet<string> {
  const whole = (): Set<string> => new Set(allOf(layer, limit));
  return {
    has: (name) => has(layer, limit, name),
    get size() {
      return whole().size;
    },
    forEach: (visit, self) => {
      const names = whole();
      for (const name of names) visit.call(self, name, name, names);
    },
    entries: () => whole().entries(),
    keys: () => whole().keys(),
    values: () => whole().values(),
    [Symbol.iterator]: () => whole().values(),
  };
}
