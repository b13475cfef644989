import { expect, it } from 'vitest';
import { utcText } from '../../src/graphql/scalars/utc-text.ts';

const DAY = 86_400_000;
const LATEST = 8.64e15;

/** The same times in every run, of every order of magnitude. */
const times = Array.from({ length: 2_000 }, (_, n) =>
  Math.trunc(Math.sin(n) * 10 ** (1 + (n % 15)) * (n % 2 === 0 ? 1 : 8)),
);

it.each([
  ['the epoch and those around it', [0, 1, -1, 999, 1_000, 59_999, 60_000, 3_599_999, 3_600_000]],
  ['the first and last moments of days', [DAY - 1, DAY, -DAY, -DAY - 1, 20_000 * DAY - 1, 20_000 * DAY]],
  ['the first and last times that there are', [-LATEST, LATEST, 1 - LATEST, LATEST - 1]],
  ['years of more than four digits, and before the first', [253_402_300_800_000, -62_167_219_200_001]],
  ['what is no whole number', [0.5, -0.5, 1_764_100_000_000.9, -1.5, -0]],
  ['all others', times],
])('tells %s as a Date does', (_, found) => {
  expect(found.map(utcText)).toEqual(found.map((ms) => new Date(ms).toISOString()));
});
