/** @typedef {import('./part10Index.mjs').Part10Index} Part10Index */
/** @typedef {import('./part10Index.mjs').Series} Series */
/** @typedef {import('./part10Index.mjs').Instance} Instance */
/** @typedef {import('./dicomJson.mjs').DicomJson} DicomJson */
/** @typedef {import('./dicomJson.mjs').JsonElement} JsonElement */

// The attributes of PS3.18 10.6.3.3 that an image carries itself.
const STUDY_TAGS = tagList(`00080005 00080020 00080030 00080050 00080090 00081030 00100010 00100020
  00100030 00100040 0020000D 00200010`);
const SERIES_TAGS = tagList('00080060 0008103E 0020000E 00200011 00200052');
const INSTANCE_TAGS =
  tagList(`00080016 00080018 00083002 0020000D 0020000E 00200013 00280008 00280010
  00280011 00280100`);

/** @type {Record<string, string>} */
const TAG_BY_KEYWORD = {
  Modality: '00080060',
  PatientID: '00100020',
  SeriesInstanceUID: '0020000E',
  SOPInstanceUID: '00080018',
  StudyInstanceUID: '0020000D',
};

/**
 * QIDO-RS: the studies of an index (PS3.18 10.6) that match `query` exactly.
 *
 * @param {Part10Index} index
 * @param {string} rootUrl
 * @param {URLSearchParams} query
 * @returns {DicomJson[]}
 */
export function findStudies(index, rootUrl, query) {
  /** @type {Map<string, Series[]>} */
  const byStudy = new Map();
  for (const series of index.series) {
    byStudy.set(series.studyUID, [...(byStudy.get(series.studyUID) ?? []), series]);
  }
  const studies = [...byStudy].map(([studyUID, group]) => {
    const modalities = new Set(group.map((series) => valueOf(first(series).json['00080060'])));
    const instances = group.reduce((sum, series) => sum + series.instances.length, 0);
    return {
      ...pick(first(group[0]).json, STUDY_TAGS),
      '00080061': element('CS', ...modalities),
      '00081190': element('UR', `${rootUrl}/studies/${studyUID}`),
      '00201206': element('IS', group.length),
      '00201208': element('IS', instances),
    };
  });
  return select(studies, query);
}

/**
 * QIDO-RS: the series of an index, or of one study.
 *
 * @param {Part10Index} index
 * @param {string} rootUrl
 * @param {URLSearchParams} query
 * @param {string} [studyUID]
 * @returns {DicomJson[]}
 */
export function findSeries(index, rootUrl, query, studyUID) {
  const series = index.series.filter(
    (each) => studyUID === undefined || each.studyUID === studyUID,
  );
  return select(
    series.map((each) => ({
      ...pick(first(each).json, [...STUDY_TAGS, ...SERIES_TAGS, ...includedTags(query)]),
      '00081190': element('UR', seriesUrl(rootUrl, each)),
      '00201209': element('IS', each.instances.length),
    })),
    query,
  );
}

/**
 * QIDO-RS: the instances of one series.
 *
 * @param {Series} series
 * @param {string} rootUrl
 * @param {URLSearchParams} query
 * @returns {DicomJson[]}
 */
export function findInstances(series, rootUrl, query) {
  return select(
    series.instances.map((instance) => ({
      ...pick(instance.json, INSTANCE_TAGS),
      '00081190': element('UR', `${seriesUrl(rootUrl, series)}/instances/${instance.sopUID}`),
    })),
    query,
  );
}

/**
 * The attributes that a query asks for besides (PS3.18 8.3.4.3), by their tags.
 *
 * @param {URLSearchParams} query
 */
function includedTags(query) {
  return query
    .getAll('includefield')
    .flatMap((field) => field.split(','))
    .filter((field) => /^[0-9A-Fa-f]{8}$/.test(field))
    .map((field) => field.toUpperCase());
}

/** @param {string} tags */
function tagList(tags) {
  return tags.split(/\s+/);
}

/**
 * @param {DicomJson[]} results
 * @param {URLSearchParams} query
 */
function select(results, query) {
  const matching = results.filter((result) =>
    [...query].every(([key, wanted]) => {
      const found = result[TAG_BY_KEYWORD[key] ?? key];
      return found === undefined || wanted === '' || String(valueOf(found)) === wanted;
    }),
  );
  return page(matching, query);
}

/**
 * The part of a list that `offset` and `limit` select (PS3.18 8.3.4.4).
 *
 * @template T
 * @param {T[]} list
 * @param {URLSearchParams} query
 * @returns {T[]}
 */
export function page(list, query) {
  const offset = Number(query.get('offset') ?? 0);
  return list.slice(offset, offset + Number(query.get('limit') ?? list.length));
}

/**
 * @param {DicomJson} json
 * @param {string[]} tags
 */
function pick(json, tags) {
  /** @type {DicomJson} */
  const picked = {};
  for (const tag of [...tags].sort()) {
    const found = json[tag];
    if (found !== undefined) picked[tag] = found;
  }
  return picked;
}

/**
 * @param {string} vr
 * @param {...unknown} values
 * @returns {JsonElement}
 */
function element(vr, ...values) {
  return { vr, Value: values.filter((value) => value !== undefined) };
}

/** @param {JsonElement | undefined} json */
function valueOf(json) {
  return json?.Value?.[0];
}

/**
 * @param {Series | undefined} series
 * @returns {Instance}
 */
function first(series) {
  const instance = series?.instances[0];
  if (instance === undefined) throw new RangeError('Expected a series with an instance, got none');
  return instance;
}

/**
 * @param {string} rootUrl
 * @param {Series} series
 */
function seriesUrl(rootUrl, { studyUID, seriesUID }) {
  return `${rootUrl}/studies/${studyUID}/series/${seriesUID}`;
}
