/** Dates and times of PET headers in seconds, without the clock or the time zone of the browser. */
import { toTime } from '../readSplitValue.js';

const SECONDS_OF_DAY = 86_400;

/**
 * A date (VR DA, or an object of year, month and day) in seconds since 1970, at 0:00.
 *
 * @returns undefined for anything else, and for a day that no calendar has
 */
export function toDate(value: unknown): number | undefined {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(toTime(value) ?? '') ?? [];
  if (year === undefined) {
    return undefined;
  }
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const isOfCalendar = date.getUTCMonth() === Number(month) - 1;
  return isOfCalendar ? date.getTime() / 1000 : undefined;
}

/**
 * A time (VR TM, or an object of hours, minutes, seconds and millionths) in seconds since 0:00.
 *
 * @returns undefined for anything else
 */
export function toSecondsOfDay(value: unknown): number | undefined {
  const match = /^(\d\d)(?:(\d\d)(?:(\d\d(?:\.\d*)?))?)?$/.exec(toTime(value) ?? '');
  if (!match) {
    return undefined;
  }
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  // A leap second has the number 60 (PS3.5 6.2).
  const isOfClock = hours < 24 && minutes < 60 && seconds < 61;
  return isOfClock ? hours * 3600 + minutes * 60 + seconds : undefined;
}

/** A date and a time of day together, in seconds since 1970; undefined where either is missing. */
export function toDateAndTime(date: unknown, time: unknown): number | undefined {
  const [day, seconds] = [toDate(date), toSecondsOfDay(time)];
  return day === undefined || seconds === undefined ? undefined : day + seconds;
}

/**
 * A date with its time (VR DT), in seconds since 1970.
 *
 * Other attributes of the data set are in local time (PS3.3 C.12.1.1.8). So a value with an offset from UTC is
 * converted to that local time; where the data set does not state its own offset, it is taken to be the same one.
 *
 * @param localOffset - Timezone Offset From UTC (0008,0201) of the data set
 * @returns undefined where the hour is missing too
 */
export function toDateTime(value: unknown, localOffset: unknown): number | undefined {
  const [, date, time, offset] =
    /^(\d{8})(\d[\d.]*)([+-]\d{4})?$/.exec(typeof value === 'string' ? value.trim() : '') ?? [];
  const seconds = toDateAndTime(date, time);
  const [own, local] = [toOffset(offset), toOffset(localOffset)];
  return seconds === undefined || own === undefined || local === undefined
    ? seconds
    : seconds - own + local;
}

/** `+0130` in seconds. */
function toOffset(value: unknown): number | undefined {
  const [, sign, hours, minutes] =
    /^([+-])(\d\d)(\d\d)$/.exec(typeof value === 'string' ? value.trim() : '') ?? [];
  return sign === undefined
    ? undefined
    : (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}

/**
 * The moment nearest to another one that has a time of day. So an injection of which the header states the time
 * alone is on the evening before a scan soon after midnight, and on the day of any other scan.
 *
 * @param secondsOfDay - since 0:00
 * @param moment - in seconds since 1970
 */
export function nearestMoment(secondsOfDay: number, moment: number): number {
  const sameDay = Math.floor(moment / SECONDS_OF_DAY) * SECONDS_OF_DAY + secondsOfDay;
  const days = Math.round((moment - sameDay) / SECONDS_OF_DAY);
  return sameDay + days * SECONDS_OF_DAY;
}
