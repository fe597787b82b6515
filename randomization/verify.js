// Re-derives a published allocation from its secret, independently of the Python code (docs/allocation.md).
// Usage: node verify.js BUNDLE.json ...   Needs Node 18 or later, nothing else. Exit status 1: a bundle fails.
"use strict";
const { createHash, createHmac } = require("node:crypto"), { readFileSync } = require("node:fs");
const sha = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
const hmac = (key, message) => createHmac("sha256", key).update(message).digest();
const bytes = (text) => Buffer.from(text, "latin1"), hex = (text) => Buffer.from(text, "hex");
const u32 = (n) => hex(n.toString(16).padStart(8, "0")), u64 = (n) => hex(n.toString(16).padStart(16, "0"));
const lp = (...parts) => Buffer.concat(parts.flatMap((part) => [u32(part.length), part]));
const canon = (value) => bytes(json(value));
function json(value) {
  if (Array.isArray(value)) return `[${value.map(json).join(",")}]`;
  if (typeof value === "string" && !/[^\x00-\x7f]/.test(value)) return JSON.stringify(value).replace(/\x7f/g, "\\u007f");
  if (Number.isSafeInteger(value)) return String(value);
  if (value === null || typeof value !== "object") throw new TypeError("neither ASCII nor a whole number");
  return `{${Object.keys(value).sort().map((key) => `${json(key)}:${json(value[key])}`).join(",")}}`;
}
// Numbers: counts are numbers, weights big integers
const big = (numbers) => numbers.map(BigInt), sum = (numbers, zero = 0) => numbers.reduce((a, b) => a + b, zero);
const min = (values) => values.reduce((a, b) => (b < a ? b : a));
const spread = (values) => values.reduce((a, b) => (b > a ? b : a)) - min(values);
const variance = (s) => BigInt(s.length) * sum(s.map((x) => x * x), 0n) - sum(s, 0n) ** 2n;
const least = (values) => [...values.keys()].filter((i) => values[i] === min(values));
const gcd = (a, b) => (b ? gcd(b, a % b) : a), lcm = (numbers) => numbers.reduce((a, b) => (a * b) / gcd(a, b));
const plus = (counts, arm) => counts.map((n, i) => n + (i === arm ? 1 : 0));
const scaled = (counts, ratio) => counts.map((n, i) => n * (lcm(ratio) / ratio[i]));
const within = (c, counts) => spread(scaled(counts, c.ratio)) <= c.limit * lcm(c.ratio);
const share = (weights, place) => weights.findIndex((weight) => (place -= weight) < 0n);
function stream(seed, stratum) {
  let used = 0, block, key = hmac(seed, lp(bytes("stream-v1"), canon(stratum)));
  const next = () => (used % 8 ? block : (block = hmac(key, u64(used / 8)))).readUInt32BE((used++ % 8) * 4);
  return function below(bound) {
    const words = Math.ceil((bound - 1n).toString(2).length / 32), all = 1n << BigInt(32 * words);
    const number = Array.from({ length: words }, next).reduce((high, low) => (high << 32n) | BigInt(low), 0n);
    return number < all - (all % bound) ? number % bound : below(bound);
  };
}
// Rules: the weights of the arms after the counts
function coin({ ratio, p: [a, d] }, k) {
  const favoured = (sum(ratio) - min(ratio)) * d - (sum(ratio) - ratio[k]) * (d - a);
  return big(ratio.map((part, i) => (i === k ? favoured : part * (d - a))));
}
function ways(c, counts, memo) {
  const key = counts.join(), even = spread(scaled(counts, c.ratio)) === 0;
  if (sum(counts) === c.length || !within(c, counts)) return even ? 1n : 0n;
  if (!memo.has(key)) memo.set(key, sum(counts.map((_, i) => ways(c, plus(counts, i), memo)), 0n));
  return memo.get(key);
}
const RULES = {
  "SR-v1": (c) => big(c.ratio),
  "BC-v1": (c, n) => least(scaled(n, c.ratio)).map((k) => coin(c, k).map((w) => w * BigInt(c.ratio[k])))
    .reduce((one, other) => one.map((w, i) => w + other[i])),
  "BS-v1": (c, n) => big(c.ratio.map((part, i) => (within(c, plus(n, i)) ? part : 0))),
  "UD-v1": (c, n) => big(c.ratio.map((r, i) => (c.start || sum(n) ? c.start * r + c.added * (r * sum(n) - n[i]) : r))),
  "BU-v1": (c, n) => big(n.map((m, i) => c.ratio[i] * (c.sets + min(n.map((k, j) => Math.floor(k / c.ratio[j])))) - m)),
  "MP-v1": (c, n, memo) => n.map((_, i) => ways(c, plus(n, i), memo)),
};
function* slots(c, seed, stratum) {
  const below = stream(seed, stratum), memo = new Map(), none = c.ratio.map(() => 0);
  for (let counts = none; c.alg !== "PB-v1";) {
    const weights = RULES[c.alg](c, counts, memo), arm = share(weights, below(sum(weights, 0n)));
    yield c.arms[arm];
    counts = c.alg === "MP-v1" && sum(counts) + 1 === c.length ? none : plus(counts, arm);
  }
  for (;;) {
    const draw = (n) => Number(below(BigInt(n))), size = c.blocks[draw(c.blocks.length)];
    const block = c.arms.flatMap((arm, i) => Array((c.ratio[i] * size) / sum(c.ratio)).fill(arm));
    for (let i = size - 1, j; i > 0; i--) { j = draw(i + 1); [block[i], block[j]] = [block[j], block[i]]; }
    yield* block;
  }
}
function minimized(c, seed, k, factors, earlier) {
  const [u, pick] = ["min-v1", "min-pick-v1"].map((purpose) => hmac(seed, lp(bytes(purpose), u64(k))));
  const alike = (factor) => earlier.filter((d) => [factor, ...c.within].every((f) => d.stratum[f] === factors[f]));
  const count = (draws) => c.arms.map((arm) => draws.filter((d) => d.arm === arm).length);
  const counts = Object.keys(c.weights).map((factor) => [BigInt(c.weights[factor]), count(alike(factor))]);
  const apart = (n) => ({ range: spread, variance })[c.measure](big(scaled(n, c.ratio)));
  const cost = c.arms.map((_, i) => sum(counts.map(([weight, n]) => weight * apart(plus(n, i))), 0n));
  const oneOf = (arms, chance, parts = big(arms.map((i) => c.ratio[i]))) => arms[share(parts, (chance * sum(parts, 0n)) >> 64n)];
  const best = oneOf(least(cost), pick.readBigUInt64BE(0)), weights = coin(c, best);
  if (u.readBigUInt64BE() * sum(weights, 0n) < weights[best] << 64n) return c.arms[best];
  return c.arms[oneOf([...c.arms.keys()].filter((i) => i !== best), pick.readBigUInt64BE(8))];
}
// The bundle, in the order of randomization/verify.py
const must = (holds, fault) => { if (!holds) throw fault; }, same = (hash, text) => hash.toString("hex") === text;
function root(leaves) {
  if (leaves.length < 2) return leaves[0] || sha();
  const middle = 2 ** (31 - Math.clz32(leaves.length - 1));
  return sha(Buffer.of(1), root(leaves.slice(0, middle)), root(leaves.slice(middle)));
}
const leaf = (seed, stratum, slot, arm, name = [canon(stratum), u32(slot)]) =>
  sha(Buffer.of(0), lp(hmac(seed, lp(bytes("salt-v1"), ...name)), ...name, bytes(arm)));
function checkSecret(b, c, seed) {
  const parts = [b.shares.first, b.shares.second].map(hex), study = bytes(c.study);
  parts.forEach((part, i) => must(same(sha(lp(bytes("share-v1"), study, u32(i + 1), part)),
    b.shares.commitments[i]), `share ${i + 1}: does not open its commitment`));
  const found = hmac(parts[0], lp(bytes("seed-v1"), study, sha(canon(c)), parts[1], hex(b.shares.beacon)));
  must(found.equals(seed), "seed: does not follow from the shares");
  must(same(sha(lp(bytes("alloc-commit-v1"), canon(c), seed)), b.commitment),
    "commitment: not that of this configuration and seed");
  const leaves = (b.tree.strata || []).flatMap((stratum) => {
    const list = slots(c, seed, stratum);
    return Array.from({ length: b.tree.slots }, (_, i) => leaf(seed, stratum, i + 1, list.next().value));
  });
  must(!b.tree.root || same(root(leaves), b.tree.root), "tree: not the root of these slots");
}
function checkDraws({ draws, ledger }, c, seed) {
  const lists = {}, levels = Object.keys(c.factors).sort(), gaps = ledger.filter((e) => e.action === "GAP_CLOSED");
  draws.forEach(({ stratum, slot, arm, leaf: told, entry }, i) => {
    const holds = (condition, fault) => must(condition, `draw ${i + 1}: ${fault}`);
    holds(json(Object.keys(stratum).sort()) === json(levels) && levels.every((f) => c.factors[f].includes(stratum[f])),
      "a stratum that the configuration does not have");
    const listless = c.alg === "MIN-v1", burned = sum(gaps.filter((gap) => gap.seq < entry).map((gap) => gap.body.burned));
    const list = (lists[listless || json(stratum)] ||= { n: 0, burned: 0, arms: slots(c, seed, stratum) });
    for (; list.burned < burned; list.n++, list.burned++) if (!listless) list.arms.next();
    const due = listless ? minimized(c, seed, ++list.n, stratum, draws.slice(0, i)) : (list.n++, list.arms.next().value);
    holds(slot === list.n, `slot ${slot} where ${list.n} is due`);
    holds(arm === due, "not the arm that the secret gives");
    holds(same(leaf(seed, stratum, slot, arm), told), "the leaf is not that of its arm");
  });
}
function checkLedger({ ledger, draws, commitment, tree, checkpoints }) {
  const hashes = { 0: "0".repeat(64) }, all = (act) => ledger.filter(({ action }) => action === act);
  const hashed = (entry) => { try { return sha(canon(entry)).toString("hex"); } catch { return null; } };
  ledger.forEach(({ h, ...entry }, i) => {
    const holds = (condition, fault) => must(condition, `ledger: entry ${i + 1}: ${fault}`);
    holds(entry.seq === i + 1, `the number here is ${entry.seq}`);
    holds(entry.prev === hashes[i], "it does not follow the entry before it");
    holds(hashed(entry) === (hashes[i + 1] = h), "its content is not what was written");
  });
  const [sealed, again] = all("SEALED"), drawn = all("RANDOMIZED");
  const told = sealed && sealed.body.commitment === commitment && sealed.body.root === tree.root;
  must(told && !again && !(drawn[0]?.seq < sealed.seq),
    "ledger: not sealed once, with this commitment, before the first randomization");
  for (let i = 0; i < Math.max(draws.length, drawn.length); i++)
    must(draws[i] && drawn[i] && draws[i].entry === drawn[i].seq && draws[i].leaf === drawn[i].body.leaf,
      `draw ${i + 1}: not the randomization that the ledger has`);
  for (const { seq, h } of checkpoints) must(seq && hashes[seq] === h, `checkpoint ${seq}: not in the ledger`);
}
function faultOf(b) {
  try {
    must(b.format === "allocation-bundle-v1", "format: not allocation-bundle-v1");
    for (const check of [checkSecret, checkDraws, checkLedger]) check(b, b.config, hex(b.seed));
  } catch (fault) { return typeof fault === "string" ? fault : "bundle: not in the form of docs/allocation.md"; }
}
const faults = process.argv.slice(2).map((file) => [file, faultOf(JSON.parse(readFileSync(file, "utf8")))]);
for (const [file, fault] of faults) console.log(`${file}: ${fault ?? "everything holds"}`);
process.exit(faults.some(([, fault]) => fault) ? 1 : 0);
