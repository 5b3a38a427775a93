import assert from "node:assert/strict";
import fc from "fast-check";
import {
  firstWindowEnd,
  isSliceExpired,
  lastWindowEnd,
  nextWindowEnd,
  SLICES_PER_WINDOW_MAX,
  sliceStart,
  sliding,
  type SlidingSpec,
  tumbling,
} from "../../core/window.ts";

/** Sizes and slides in small numbers, so that every window can be tried one by one. */
const specs: fc.Arbitrary<SlidingSpec> = fc.integer({ min: 1, max: 60 }).chain((sizeMs) =>
  fc.integer({ min: 1, max: sizeMs }).map((slideMs) => sliding({ sizeMs, slideMs }))
);
const times = fc.integer({ min: -300, max: 300 });

/** Ends of all windows that hold a time: each start is tried. */
function endsHolding({ sizeMs, slideMs }: SlidingSpec, timeMs: number): number[] {
  const ends: number[] = [];
  for (let start = timeMs - sizeMs + 1; start <= timeMs; start++) {
    if (start % slideMs === 0) ends.push(start + sizeMs);
  }
  return ends;
}

Deno.test("a slice is as wide as the greatest common divisor, and a window a whole number of slices", () => {
  fc.assert(fc.property(specs, ({ sizeMs, slideMs, sliceMs }) => {
    assert.equal(sizeMs % sliceMs, 0);
    assert.equal(slideMs % sliceMs, 0);
    for (let wider = sliceMs + 1; wider <= slideMs; wider++) assert.ok(sizeMs % wider !== 0 || slideMs % wider !== 0);
  }));
});

Deno.test("every event of a slice is in the same windows", () => {
  fc.assert(fc.property(specs, times, (spec, timeMs) => {
    const start = sliceStart(spec, timeMs);
    assert.ok(start <= timeMs && timeMs < start + spec.sliceMs && start % spec.sliceMs === 0);
    for (let other = start; other < start + spec.sliceMs; other++) {
      assert.deepEqual(endsHolding(spec, other), endsHolding(spec, timeMs));
    }
  }));
});

Deno.test("first and last window of a slice are those that trying every start finds, also before 1970", () => {
  fc.assert(fc.property(specs, times, (spec, timeMs) => {
    // Where windows leave gaps a slice is in none; slides up to the size leave none.
    const ends = endsHolding(spec, timeMs);
    const start = sliceStart(spec, timeMs);
    assert.equal(firstWindowEnd(spec, start), ends[0]);
    assert.equal(lastWindowEnd(spec, start), ends.at(-1));
  }));
});

Deno.test("the next window end is the first one after a time", () => {
  fc.assert(fc.property(specs, times, (spec, timeMs) => {
    let end = timeMs + 1;
    while ((end - spec.sizeMs) % spec.slideMs !== 0) end++;
    assert.equal(nextWindowEnd(spec, timeMs), end);
  }));
});

Deno.test("a slice is expired once its last window is missed, not before", () => {
  fc.assert(fc.property(specs, times, fc.nat({ max: 50 }), (spec, timeMs, allowedLatenessMs) => {
    const sliceStartMs = sliceStart(spec, timeMs);
    const missedFrom = Math.max(...endsHolding(spec, timeMs)) + allowedLatenessMs;
    assert.ok(isSliceExpired(spec, { sliceStartMs, watermarkMs: missedFrom, allowedLatenessMs }));
    assert.ok(!isSliceExpired(spec, { sliceStartMs, watermarkMs: missedFrom - 1, allowedLatenessMs }));
    assert.ok(!isSliceExpired(spec, { sliceStartMs, watermarkMs: -Infinity, allowedLatenessMs }));
  }));
});

/**
 * ```
 *   slices      |  0 | 20 | 40 | 60 | 80 |
 *   window  0   |■■■■■■■■■■■■■■|                  end  60
 *   window 20        |■■■■■■■■■■■■■■|             end  80
 *   window 60                  |■■■■■■■■■■■■■■|   end 120
 * ```
 */
Deno.test("the windows of the picture in core/window.ts", () => {
  const spec = sliding({ sizeMs: 60, slideMs: 20 });
  assert.deepEqual(spec, { kind: "sliding", sizeMs: 60, slideMs: 20, sliceMs: 20 });
  assert.deepEqual([firstWindowEnd(spec, 60), lastWindowEnd(spec, 60)], [80, 120]);
  assert.deepEqual([firstWindowEnd(spec, -20), lastWindowEnd(spec, -20)], [0, 40]);
  assert.deepEqual([sliceStart(spec, -1), sliceStart(spec, 0), sliceStart(spec, 19)], [-20, 0, 0]);
});

Deno.test("tumbling windows are sliding ones that slide by their size", () => {
  assert.deepEqual(tumbling({ sizeMs: 1_000 }), { kind: "sliding", sizeMs: 1_000, slideMs: 1_000, sliceMs: 1_000 });
});

Deno.test("windows that cannot be are refused with the reason", () => {
  const cases: readonly (readonly [number, number, RegExp])[] = [
    [0, 1, /sizeMs is 0, expected a whole number of milliseconds above 0/],
    [10, 0, /slideMs is 0/],
    [10, -5, /slideMs is -5/],
    [1.5, 1, /sizeMs is 1\.5/],
    [NaN, 1, /sizeMs is NaN/],
    [10, Infinity, /slideMs is Infinity/],
    [2 ** 53, 1, /sizeMs is 9007199254740992/],
    [10, 20, /slideMs 20 is beyond sizeMs 10, .* use a slide of 10 or less/],
  ];
  for (const [sizeMs, slideMs, message] of cases) {
    assert.throws(() => sliding({ sizeMs, slideMs }), { name: "RangeError", message });
  }
});

const slices = (sizeMs: number, slideMs: number): number => {
  let [a, b] = [sizeMs, slideMs];
  while (b > 0) [a, b] = [b, a % b];
  return sizeMs / a;
};

Deno.test("windows of too many slices are refused, and the slide that is named is good and the nearest", () => {
  const refused = fc.tuple(fc.integer({ min: 1_001, max: 20_000 }), fc.integer({ min: 1, max: 20_000 }))
    .filter(([sizeMs, slideMs]) => slideMs <= sizeMs && slices(sizeMs, slideMs) > SLICES_PER_WINDOW_MAX);
  fc.assert(
    fc.property(refused, ([sizeMs, slideMs]) => {
      let message = "";
      assert.throws(
        () => sliding({ sizeMs, slideMs }),
        (error) => (message = String(error), error instanceof RangeError),
      );
      const named = Number(/the nearest good slide is (\d+) ms/.exec(message)?.[1]);
      assert.equal(sliding({ sizeMs, slideMs: named }).slideMs, named);
      for (let nearer = 1; nearer < Math.abs(named - slideMs); nearer++) {
        for (const slide of [slideMs - nearer, slideMs + nearer]) {
          assert.ok(slide < 1 || slide > sizeMs || slices(sizeMs, slide) > SLICES_PER_WINDOW_MAX, `${slide} is nearer`);
        }
      }
    }),
    { numRuns: 50 },
  );
  assert.throws(() => sliding({ sizeMs: 60_000, slideMs: 7 }), /needs 60000 slices a window, at most 1000/);
});
