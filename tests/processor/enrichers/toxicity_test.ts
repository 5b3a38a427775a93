/** The toxicity model as it is shipped, at the enricher's port: scores of own texts, purity, size, errors. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { sentimentEnricher } from "../../../processor/enrichers/sentiment.ts";
import { loadToxicityModel, toxicityEnricher } from "../../../processor/enrichers/toxicity.ts";
import { openModel, unpackHeads } from "../../../processor/enrichers/toxicity_model.ts";
import { headsText, spec } from "../../../processor/enrichers/toxicity_weights.ts";
import { reportOn } from "../../../processor/models/toxicity/report.ts";
import {
  abusiveChatTexts,
  friendlySwearingTexts,
  harmlessChatTexts,
  identityTexts,
} from "../../../processor/models/toxicity/report_texts.ts";
import { rocAuc, shareFrom } from "../../../processor/models/toxicity/metrics.ts";
import { type LabelledText, splitHeldOut } from "../../../processor/models/toxicity/tweets.ts";
import { csvCells } from "../../../ingest/recorded/csv_cells.ts";
import { readRecords } from "../../../ingest/recorded/open_lines.ts";
import { sharedDataTest, sharedPath } from "../../ingest/shared_data.ts";
import { chatMessage } from "./chat_message.ts";

const model = await loadToxicityModel();

Deno.test("the weights are below 3 MB and say what they are", () => {
  assert.ok(headsText.length + JSON.stringify(spec).length < 3_000_000);
  assert.deepEqual(spec.heads, ["tweets", "chat", "likeness"]);
});

const harmless =
  `gg|gg wp|ss|miss|ss mid|b|gj|brb|lag|my bad|sry|nice kill|shoot him|kill the dragon|ff15?|report stream bug|no mana
  |go mid|hello everyone|ty|omw|lol|wp all|pause pls|push top now|wait for me|focus the healer|PogChamp|what time is it|good luck
  |he is low|i have no ult|sorry my internet|that was close|nice try|bot lane missing|we can win this|?|xqcL`;
const abusive =
  `noob|kys|you are trash|fuck you|fucking noob team|stupid pudge|uninstall noob|retarded mid|kill yourself|stfu idiot
  |your mom is a whore|dumb monkey|shut up bitch|report this feeder|cyka blyat|hijo de puta|bobo|useless support|worst carry ever
  |hope you die|braindead team|you suck|n00b|f u c k  y o u|tr4sh team|fuuuuck youuuu|i d i o t|sh!t player|f*ck off|fсk уou n00bs`;
const list = (text: string): string[] => text.split("|").map((line) => line.trim());

Deno.test("harmless talk of games scores low, abuse scores high, disguised or not", () => {
  const low = list(harmless).filter((text) => model.score([text])[0]! >= 0.3);
  const high = list(abusive).filter((text) => model.score([text])[0]! < 0.6);
  assert.deepEqual({ low, high }, { low: [], high: [] });
});

Deno.test("own lines of game chat that no template holds are told apart", () => {
  const judged = [
    ...[...model.score(abusiveChatTexts)].map((score) => ({ score, isToxic: true })),
    ...[...model.score(harmlessChatTexts)].map((score) => ({ score, isToxic: false })),
  ];
  assert.ok(rocAuc(judged) >= 0.95, `${rocAuc(judged)}`);
});

Deno.test("harmless mentions of identity and swearing among friends are rarely called toxic", () => {
  const identity = shareFrom([...model.score(identityTexts)], 0.5);
  const swearing = shareFrom([...model.score(friendlySwearingTexts)], 0.8);
  assert.ok(identity <= 0.15 && swearing <= 0.3, `${identity} ${swearing}`);
});

sharedDataTest(
  "held-out tweets: ROC-AUC at least 0.98, calibration error at most 0.05, each disguise costs at most 0.05",
  ["text/tdavidson_labeled_data.csv"],
  async () => {
    const rows: LabelledText[] = [];
    for await (const records of readRecords(sharedPath("text/tdavidson_labeled_data.csv"), { format: "csv" })) {
      for (const record of records) {
        const cells = csvCells(record, ",");
        if (typeof cells !== "string" && /^[012]$/.test(cells[5]!)) {
          rows.push({ text: cells[6]!, label: Number(cells[5]) as LabelledText["label"] });
        }
      }
    }
    const report = reportOn(model, splitHeldOut(rows).heldOut);
    assert.equal(report.heldOutCount, 4_957);
    assert.ok(report.rocAuc >= 0.98, `ROC-AUC ${report.rocAuc}`);
    assert.ok(report.calibrationError <= 0.05, `calibration error ${report.calibrationError}`);
    const costly = Object.entries(report.disguisedRocAuc).filter(([, auc]) => report.rocAuc - auc > 0.05);
    assert.deepEqual(costly, []);
  },
);

Deno.test("a score depends on the text alone: no cut into batches, no cache and no neighbour shows", async () => {
  const texts = [...abusiveChatTexts, ...harmlessChatTexts, ...abusiveChatTexts, "gg", "gg"];
  const events = texts.map((text) => chatMessage(text));
  const enricher = toxicityEnricher();
  const small = toxicityEnricher({ textsMax: 2 });
  await Promise.all([enricher.prepare(), small.prepare()]);
  const whole = enricher.enrich(events);
  assert.deepEqual(events.flatMap((event) => small.enrich([event])), whole);
  assert.deepEqual(whole.map((fields) => fields?.toxicity), [...model.score(texts)]);
  assert.deepEqual(enricher.enrich(events), whole);
  assert.equal(enricher.cacheCounts().hits, texts.length);
});

Deno.test("any text has a score in [0, 1]", () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: "binary", maxLength: 1_500 }), { maxLength: 5 }), (texts) => {
    for (const score of model.score(texts)) assert.ok(score >= 0 && score <= 1);
  }));
});

Deno.test("a hostile text costs no more than a long one", () => {
  for (
    const text of [
      "a.".repeat(50_000),
      "a ".repeat(50_000),
      "*".repeat(100_000),
      "a*".repeat(50_000),
      "é\u200b".repeat(50_000),
    ]
  ) {
    const startedMs = performance.now();
    model.score([text]);
    assert.ok(performance.now() - startedMs < 500, `${text.slice(0, 4)}: ${performance.now() - startedMs} ms`);
  }
});

Deno.test("enriching before the weights are loaded says so", () => {
  assert.throws(
    () => toxicityEnricher().enrich([chatMessage("hi")]),
    /Cannot score toxicity: the enricher is not prepared/,
  );
});

Deno.test("weights of another form are refused instead of misread", async () => {
  const heads = unpackHeads(headsText);
  await assert.rejects(
    openModel({ ...spec, features: 99 }, heads),
    /Cannot open the toxicity model: .* train it again/,
  );
  await assert.rejects(openModel(spec, heads.subarray(1)), /Cannot open the toxicity model/);
});

Deno.test("both enrichers name the fields that they add", () => {
  const fields = [sentimentEnricher(), toxicityEnricher()].map(({ name, fields }) => [name, ...fields]);
  assert.deepEqual(fields, [["sentiment", "sentiment"], ["toxicity", "toxicity"]]);
});
