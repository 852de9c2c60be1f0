/**
 * Release lines of Docker Engine (moby) and of the distributions that keep a package of it, with the day on
 * which their maintenance ends. Facts from project/BRANCHES-AND-TAGS.md of moby/moby (27: PR 49910, 28: PR
 * 52625), endoflife.date/docker-engine, and the support calendars of the distributions.
 */

/** The day up to which the tables are complete: the newest release known to them is 29.9.0. */
export const TABLE_DATE = "2026-11-01";

/** A release line by the numbers that name it, and its last day; null = no end is known. */
export interface ReleaseLine {
  line: string;
  end: string | null;
}

/** Newest first. From 27 on one line spans a major version. */
export const DOCKER_LINES: readonly ReleaseLine[] = [
  { line: "29", end: null },
  { line: "28", end: "2026-05-13" },
  { line: "27", end: "2025-05-03" },
  { line: "26.1", end: "2025-02-17" },
  { line: "26.0", end: "2024-06-08" },
  // Kept by Amazon and Mirantis, who sponsor the branch.
  { line: "25.0", end: null },
  { line: "24.0", end: "2024-06-08" },
  { line: "23.0", end: "2025-05-19" },
  { line: "20.10", end: "2023-12-10" },
  { line: "19.03", end: "2021-01-08" },
  { line: "18.09", end: "2019-08-22" },
  { line: "18.06", end: "2018-12-08" },
  { line: "18.05", end: "2018-08-18" },
  { line: "18.04", end: "2018-06-09" },
  { line: "18.03", end: "2018-05-10" },
  { line: "18.02", end: "2018-04-21" },
  { line: "18.01", end: "2018-03-07" },
  { line: "17.12", end: "2018-02-10" },
  { line: "17.11", end: "2018-01-27" },
  { line: "17.10", end: "2017-12-20" },
  { line: "17.09", end: "2017-11-17" },
  { line: "17.07", end: "2017-10-26" },
  { line: "17.06", end: "2017-09-29" },
  { line: "17.05", end: "2017-07-28" },
  { line: "17.04", end: "2017-06-04" },
  { line: "17.03", end: "2017-05-05" },
];

/**
 * Distributions that backport fixes into the version they released, by ID and VERSION_ID of os-release(5),
 * with the end of their security support (Debian: of its long-term support).
 */
export const DISTRIBUTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  debian: { "10": "2024-06-30", "11": "2026-08-31", "12": "2028-06-30", "13": "2030-06-30" },
  ubuntu: {
    "18.04": "2023-05-31",
    "20.04": "2025-05-31",
    "22.04": "2027-04-30",
    "24.04": "2029-04-30",
    "24.10": "2025-07-10",
    "25.04": "2026-01-15",
    "26.04": "2031-04-30",
  },
  amzn: { "2": "2026-06-30", "2023": "2029-06-30" },
};

/** Packages of the engine that distributions make; those of docker.com are called docker-ce. */
export const DISTRIBUTION_PACKAGES: readonly string[] = [
  "docker.io",
  "moby-engine",
  "docker",
  "docker-engine",
  "podman",
];
