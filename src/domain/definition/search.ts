import type { Template, TemplateFields } from './definition.ts';

/** What executions are found by besides what happens to them: a value of an attribute of their definition's own. */
export type SearchValue = string | number | boolean;

/** Attributes by name, each a template, and tags. */
export interface Search {
  readonly attributes: TemplateFields;
  readonly tags: readonly Template[];
}

/** The most attributes of a definition, and tags of an execution. */
export const MOST_ATTRIBUTES = 20;
export const MOST_TAGS = 20;

/** The most characters of a text in an attribute, and of a tag: the rest is left out. */
export const LONGEST_TEXT = 200;
export const LONGEST_TAG = 100;

/** Names of attributes. */
export const ATTRIBUTE_PATTERN = '^[a-z][a-z0-9_]{0,49}$';
