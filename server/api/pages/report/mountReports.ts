import type { Router } from 'express';
import type { PageWriter } from '../pageWriter.ts';
import { REPORT_FILES, sendReportFile } from './reportFiles.ts';
import { type ReportFormDeps, sendReport } from './reportPages.ts';

/** Adds pages of one kind to the router of all pages. */
export type PageMount = (router: Router, writer: PageWriter) => void;

/** `/report` and its files. */
export function mountReports(deps: Omit<ReportFormDeps, 'writer'>): PageMount {
  return (router, writer) => {
    const withWriter = { ...deps, writer };
    router.get('/report', (request, response) => sendReport(withWriter, request, response));
    for (const file of REPORT_FILES) {
      router.get(`/report/${file}`, (request, response) => sendReportFile(withWriter, file, { request, response }));
    }
  };
}
