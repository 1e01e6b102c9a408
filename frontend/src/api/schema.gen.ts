// Made from app/api/openapi.json (sha256 f4fe5e314970945bafe5e6d1e980fbec577e35ceab1dcaa7519f09dc98cda3a6) by app/api/client.mjs; do not edit.

export interface paths {
    "/api/v1/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Newest received first */
        get: operations["listCases"];
        put?: never;
        /** Record a case */
        post: operations["newCase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A case as this unit may see it */
        get: operations["getCase"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Set fields by path */
        patch: operations["patchCase"];
        trace?: never;
    };
    "/api/v1/cases/{id}/conflicts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What waits for a person in this case */
        get: operations["listCaseConflicts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/docket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The folder for the court, as a zip archive: court's layout, cover.json, printed cover, list of papers */
        get: operations["getDocket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/forms/{form}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A form of the case as PDF */
        get: operations["getForm"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who changed what, oldest first */
        get: operations["getHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/holders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which units have this case */
        get: operations["listHolders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The body's own notes of the case */
        get: operations["getNotes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Write notes */
        patch: operations["patchNotes"];
        trace?: never;
    };
    "/api/v1/cases/{id}/repeats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Cases that look like the same dispute */
        get: operations["listRepeats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/settle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decide a contradiction */
        post: operations["settle"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sheet": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The case laid out for print */
        get: operations["getSheet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/steps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every step, allowed or why not, with its fields */
        get: operations["listSteps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/steps/{step}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a step of the lifecycle */
        post: operations["takeStep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/steps/{step}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a step would do, and to whom it would open the case; nothing is changed */
        post: operations["previewStep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every code with its words in both languages */
        get: operations["getCodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conflicts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What waits for a person, in all cases */
        get: operations["listConflicts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/divisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The divisions directly under one */
        get: operations["listDivisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was typed here and not yet saved */
        get: operations["listDrafts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One draft */
        get: operations["getDraft"];
        /** Keep a draft durably on this computer */
        put: operations["putDraft"];
        post?: never;
        /** Forget a draft */
        delete: operations["deleteDraft"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/due": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is due, the earliest day first */
        get: operations["getDue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/enrol": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Admit a unit or a seat */
        post: operations["enrol"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/enrol/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What to compare before admitting */
        post: operations["previewEnrolment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Hints that something changed, as server-sent events */
        get: operations["events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A ticket for one stream of hints */
        post: operations["eventTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Case documents, one a line, a page at a time */
        get: operations["exportCases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take case documents, one a line, all or nothing per row */
        post: operations["importCases"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Letters, answers and applications that lie with this unit */
        get: operations["getInbox"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/late": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What waits for a director */
        get: operations["listLate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/late/{id}/adopt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take in what is late */
        post: operations["adoptLate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/leads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Record a lead that a sweep found */
        post: operations["newLead"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/loss/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take note that what is lost here now comes back from nobody */
        post: operations["acceptLoss"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/numbers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whose the numbers of a series and year are, and the next one of this person */
        get: operations["getNumbers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/open-cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This unit's open cases by mediator, for a hand-over */
        get: operations["listOpenOf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/oral": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Record an agreement reached on the spot */
        post: operations["newOral"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/peers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where units can be reached */
        get: operations["listPeers"];
        /** Replace the addresses kept here */
        put: operations["putPeers"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rebuild": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Throw away and rebuild what is derived */
        post: operations["rebuild"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This unit's register: members, mediators, roster, numbers, sweeps */
        get: operations["getRegister"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Set fields of this unit's register by path */
        patch: operations["patchRegister"];
        trace?: never;
    };
    "/api/v1/register/handover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hand over the open cases that somebody mediates */
        post: operations["handOver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/register/{unit}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The register of this unit or of one below it */
        get: operations["getUnitRegister"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Set fields of the register of a unit whose station this is */
        patch: operations["patchUnitRegister"];
        trace?: never;
    };
    "/api/v1/roster/suggest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who could take a case, with reasons; a person chooses */
        get: operations["suggestFor"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/seats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Seats that this node knows */
        get: operations["listSeats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/seats/here": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who can sign in on this folder */
        get: operations["listSeatsHere"];
        put?: never;
        /** One more person on this folder */
        post: operations["addSeat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/seats/here/join": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take the certificate of a seat added here */
        post: operations["joinSeat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in */
        get: operations["getSession"];
        put?: never;
        post?: never;
        /** Lock */
        delete: operations["signOut"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Replace the secret of this seat */
        put: operations["changeSecret"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in */
        post: operations["signIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far this folder is */
        get: operations["getSetup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/setup/join": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take the certificate file */
        post: operations["join"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/setup/join/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What to compare before joining */
        post: operations["previewJoin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/setup/recover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Open the folder by its recovery sheet for a new seat */
        post: operations["recover"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/setup/request": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make keys here and the request for the parent */
        post: operations["requestEnrolment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/setup/root": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make the first unit of a tree */
        post: operations["initRoot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How this node is, and what is wrong */
        get: operations["getStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every fact of the sync sentence */
        get: operations["getSync"];
        put?: never;
        /** Exchange with a unit now, both directions */
        post: operations["syncWith"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every version of the data tables that may count for a unit */
        get: operations["listTables"];
        put?: never;
        /** Publish a version of a data table for the units under this one */
        post: operations["publishTable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tables/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A data table as it stands for a unit today */
        get: operations["getTable"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/unit-code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a unit code says */
        get: operations["checkUnitCode"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/units": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Units that this node knows */
        get: operations["listUnits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/units/relate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Name the court that guides a unit and the bureau that supervises it */
        post: operations["relateUnit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Check every frame, signature, lane, snapshot and index */
        post: operations["verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AddSeatRequest: {
            roles: string[];
            seat_name: string;
            /** @description of the new person */
            secret: string;
        };
        Adopted: {
            /** Format: int64 */
            adopted: number;
        };
        Agent: {
            authority: string;
            id_kind?: string;
            id_number?: string;
            kind: string;
            name: string;
            phone?: string;
            powers?: string[];
            powers_note?: string;
            /** @description last day of the authority */
            until?: string;
        };
        Agreement: {
            at: string;
            /** @description agreed besides: what obliges nobody by a day */
            clauses?: string[];
            /** @description the day since which a draft lacks nothing: it is to be entered */
            complete_on?: string;
            /** @description entered, and another desk did what can't stand beside it */
            contested?: boolean;
            /** @description of the notes: not entered in the case yet */
            draft?: boolean;
            /** @description follows from signatures and seal */
            effective_on?: string;
            form: string;
            /** @description names of those whose signature is still to come */
            missing?: string[];
            sealed: boolean;
            sealed_on?: string;
            /** @description names of those who signed, the mediator last */
            signed_by?: string[];
            terms: components["schemas"]["Term"][];
        };
        Also: {
            field: string;
            /** @description the values not shown */
            values: components["schemas"]["Value"][];
        };
        AlsoWritten: {
            path: string;
            values: unknown[];
        };
        By: {
            seat: string;
            seat_name?: string;
            unit: string;
            unit_name?: string;
            /** @description the author's clock, a hint */
            written?: string;
        };
        CaseCounts: {
            /** Format: int64 */
            all: number;
            /** Format: int64 */
            closed: number;
            /** Format: int64 */
            conflicts: number;
            /** Format: int64 */
            digest: number;
            /** Format: int64 */
            open: number;
            /** Format: int64 */
            performing: number;
        };
        CaseDocument: {
            /** Format: int64 */
            amount_fen?: number;
            category: string;
            claims?: string;
            external_id?: string;
            facts: string;
            parties: components["schemas"]["Party"][];
            place?: string;
            /** Format: date-time */
            received_at: string;
            source: string;
            tags?: string[];
            title: string;
        };
        CaseList: {
            /** @description cursor, if there are more */
            after?: string;
            cases: components["schemas"]["CaseRow"][];
            counts?: components["schemas"]["CaseCounts"];
            /** @description cases that could not be read: the others are all there */
            left_out?: components["schemas"]["Reason"][];
        };
        CaseNotes: {
            /** @description the draft that counts, with who signed it so far */
            agreement?: components["schemas"]["Agreement"];
            minutes?: string;
            proposals?: string;
            sessions: components["schemas"]["NoteSession"][];
            /** @description drafts, signatures, refusals and decisions about them */
            steps: components["schemas"]["StepTaken"][];
            words: components["schemas"]["StepWords"][];
        };
        CaseRow: {
            category: string;
            /** Format: int64 */
            conflicts: number;
            id: string;
            next?: components["schemas"]["Next"];
            /** Format: int64 */
            party_count?: number;
            place?: string;
            /** @description a Beijing day; of a digest the month */
            received_on: string;
            source?: string;
            state: components["schemas"]["State"];
            tags?: string[];
            title?: string;
            unit: string;
            unit_name: string;
            /** @description something in it this program can't read: see the case */
            unknown?: boolean;
            updated_at: string;
        };
        CaseView: {
            /**
             * @description digest: this unit sees figures and no names
             * @enum {string}
             */
            access: "full" | "digest";
            agreement?: components["schemas"]["Agreement"];
            /** @description ordinary fields that two wrote while apart: the other values */
            also_written?: components["schemas"]["Also"][];
            /** Format: int64 */
            amount_fen?: number;
            assigned_by?: string;
            /** @description a party chose to refuse, stop or withdraw: its right, nobody's failure */
            by_party?: boolean;
            /** @description risk, visits, who refuses */
            care?: unknown;
            category?: string;
            claims?: string;
            clocks?: components["schemas"]["Clock"][];
            /** @description what waits for a person */
            conflicts: components["schemas"]["Conflict"][];
            /** @description where access is digest */
            digest?: components["schemas"]["Digest"];
            /** @description steps taken, by causality, then stamp */
            events: components["schemas"]["StepTaken"][];
            external_id?: string;
            facts?: string;
            heads: string[];
            id: string;
            judicial_confirmation?: unknown;
            mediators?: string[];
            /** @description sessions held with the parties */
            meetings?: components["schemas"]["Meeting"][];
            /** @description what the body that mediates keeps for itself, where this unit reads it */
            notes?: components["schemas"]["CaseNotes"];
            /** @description the file's number */
            number?: string;
            outcome?: string;
            parties: components["schemas"]["PartyView"][];
            place?: string;
            received_at?: string;
            /** @description the Beijing day of received_at */
            received_on?: string;
            /** @description letters: kind, state, from, to, days, materials, report */
            referrals?: unknown;
            source?: string;
            state: components["schemas"]["State"];
            suit?: unknown;
            tags?: string[];
            title?: string;
            undisputed?: components["schemas"]["Undisputed"];
            /** @description the owner, as the filter unit takes it */
            unit: string;
            unit_name: string;
            /** @description what has no effect here, most of it since a newer program wrote it: kept, and read-only */
            unknown?: components["schemas"]["Unknown"][];
            updated_at: string;
        };
        Change: {
            field?: string;
            from?: unknown;
            /** @description the operation */
            id: string;
            /** @enum {string} */
            kind: "create" | "set" | "add" | "remove" | "text" | "step" | "settle" | "remark" | "unknown";
            /** @description of the notes of the body that mediates, not of the case */
            notes?: boolean;
            /** @description the author's reason, on the first line of the operation */
            remark?: string;
            seat: string;
            seat_name?: string;
            step?: string;
            to?: unknown;
            unit: string;
            unit_name?: string;
            /** @description the author's clock, a hint */
            written?: string;
        };
        Clock: {
            about?: string;
            actor: string;
            article: components["schemas"]["Label"];
            clock: string;
            /** @description the last day; of a clock that stands still: were it to go on at once */
            due_on?: string;
            ended_on?: string;
            extended_to?: string;
            label: components["schemas"]["Label"];
            /** @description why the last day was moved */
            moved_because?: components["schemas"]["Moved"];
            /** Format: int64 */
            paused_days?: number;
            paused_since?: string;
            started_on: string;
            state: string;
            /** @description how it stands today */
            today?: components["schemas"]["ClockToday"];
            warnings?: components["schemas"]["Reason"][];
        };
        ClockToday: {
            /** Format: int64 */
            days_left: number;
            /** Format: int64 */
            days_over: number;
            /** @description of a clock that stands still: were it to go on tomorrow */
            due_on?: string;
            on: string;
        };
        CodeLabel: {
            code: string;
            en: string;
            zh: string;
        };
        Codes: {
            agent_kinds: components["schemas"]["CodeLabel"][];
            agent_powers: components["schemas"]["CodeLabel"][];
            agreement_forms: components["schemas"]["CodeLabel"][];
            amount_bands: components["schemas"]["CodeLabel"][];
            authorities: components["schemas"]["CodeLabel"][];
            bodies: components["schemas"]["CodeLabel"][];
            capacities: components["schemas"]["CodeLabel"][];
            categories: components["schemas"]["CodeLabel"][];
            ethnicities: components["schemas"]["CodeLabel"][];
            /** @description the fields of a case, with parties.name and the like */
            fields: components["schemas"]["CodeLabel"][];
            guardian_relations: components["schemas"]["CodeLabel"][];
            helper_roles: components["schemas"]["CodeLabel"][];
            id_kinds: components["schemas"]["CodeLabel"][];
            needs: components["schemas"]["CodeLabel"][];
            organisation_kinds: components["schemas"]["CodeLabel"][];
            party_kinds: components["schemas"]["CodeLabel"][];
            roles: components["schemas"]["CodeLabel"][];
            sexes: components["schemas"]["CodeLabel"][];
            sides: components["schemas"]["CodeLabel"][];
            sources: components["schemas"]["CodeLabel"][];
            /** @description by track: mediation, performance, confirmation, referral */
            states: {
                [key: string]: components["schemas"]["CodeLabel"][];
            };
            /** @description the table of a step's choice, by step.field, in a row step.rows.field */
            step_tables: {
                [key: string]: string;
            };
            steps: components["schemas"]["CodeLabel"][];
            /** @description the tables that step_tables names */
            tables: {
                [key: string]: components["schemas"]["CodeLabel"][];
            };
            tags: components["schemas"]["CodeLabel"][];
        };
        Conflict: {
            case: string;
            field: string;
            /** @description field, step, sealed: what contradicts */
            kind?: string;
            title?: string;
            values: components["schemas"]["Value"][];
        };
        ConflictList: {
            conflicts: components["schemas"]["Contradiction"][];
            /** @description cases that could not be read: the others are all there */
            left_out?: components["schemas"]["Reason"][];
            /** @description ids of the cases among them that this person may settle */
            may_settle: string[];
        };
        Contradiction: {
            /** @description code of why a person must decide */
            because: string;
            case: string;
            /** @description who may decide: roles (any of them), then ids of units (at any of them) */
            decider: string[];
            /** @description the same in words */
            decides: components["schemas"]["Label"];
            field: string;
            /** @description the heads of what is shown here: a settlement names them as its base */
            heads: string[];
            /** @description field, step, sealed: what contradicts */
            kind?: string;
            title?: string;
            values: components["schemas"]["Value"][];
            /** @description the same in words */
            why: components["schemas"]["Label"];
        };
        Damage: {
            id?: string;
            what: string;
            where: string;
        };
        Delivery: {
            address: string;
            confirmed_on?: string;
            electronic?: boolean;
            electronic_to?: string;
            phone?: string;
            recipient?: string;
        };
        DeskNumbers: {
            /** @description the person who is signed in */
            here: boolean;
            seat: string;
            seat_name: string;
            stretches: components["schemas"]["Stretch"][];
        };
        Digest: {
            /**
             * Format: int64
             * @description the sum of its terms
             */
            agreed_fen?: number;
            amount_band?: string;
            /** @description parties, meetings, terms … */
            counts: {
                [key: string]: number;
            };
            /** @description the last day of each of its terms */
            due_on?: string[];
            /** @description since when it is in force */
            effective_on?: string;
            /**
             * @description of the agreement in force; absent: none is
             * @enum {string}
             */
            form?: "written" | "oral";
            /** @description who helped to mediate, by the table helper_role */
            helpers?: {
                [key: string]: number;
            };
            /** @description the numbers of those who mediate, as their unit's register knows them; counts.mediators counts those without one too */
            mediators?: string[];
            month_received: string;
            /** @description parties that are organisations, by the table organisation_kind */
            organisation_kinds?: {
                [key: string]: number;
            };
            tags?: string[];
        };
        Division: {
            /** @description 12 digits */
            code: string;
            /** @description nothing lies under it */
            leaf?: boolean;
            name: string;
        };
        DivisionChange: {
            code: string;
            from?: string;
            id: string;
            name: string;
            /** @description code of the division that it went into */
            successor?: string;
            to?: string;
        };
        DocketArchive: {
            case: string;
            /**
             * Format: int64
             * @description papers that the cover lists
             */
            documents: number;
            /**
             * Format: int64
             * @description of them with their file
             */
            enclosed: number;
            /** @description a zip archive */
            file: components["schemas"]["File"];
            /** @enum {string} */
            kind: "suit" | "confirmation";
            /**
             * Format: int64
             * @description of them laid out from the record
             */
            made: number;
            /**
             * Format: int64
             * @description of them with a file that is listed and not here
             */
            missing: number;
            /**
             * Format: int64
             * @description of them on paper: no file was listed
             */
            paper: number;
            unlisted: string[];
            warnings: components["schemas"]["Reason"][];
        };
        Draft: {
            name: string;
            saved_at: string;
            /** @description any JSON */
            value: unknown;
        };
        DraftInfo: {
            name: string;
            saved_at: string;
        };
        DraftInputBody: {
            /** @description any JSON */
            value: unknown;
        };
        DueItem: {
            /** @description id of the letter or application, number of the term */
            about?: string;
            actor: string;
            article?: components["schemas"]["Label"];
            case: string;
            /** Format: int64 */
            days_left: number;
            /** Format: int64 */
            days_over: number;
            due_on: string;
            label: components["schemas"]["Label"];
            mediators?: string[];
            /** @description this unit has to act */
            mine: boolean;
            /** @description the clock's id, or the step that is due */
            name: string;
            /** @description a right of the parties or a target, no duty */
            soft?: boolean;
            text?: string;
            title?: string;
            /** @description code of the unit that has to act */
            unit?: string;
            /** @enum {string} */
            what: "clock" | "term" | "letter" | "application" | "agreement" | "session";
        };
        DueList: {
            items: components["schemas"]["DueItem"][];
            /** @description cases that could not be read: the others are all there */
            left_out?: components["schemas"]["Reason"][];
        };
        EnrolRequest: {
            /** @description admit a second body under a code that is taken */
            another_body?: boolean;
            /** @description unit id or code: the justice bureau that supervises it; absent: its parent's */
            bureau?: string;
            /** @description unit id or code: the court that guides the new unit; absent: its parent's */
            court?: string;
            /** @description the request file, base64 */
            request: string;
            /** @description unit id or code: one more seat of that unit */
            seat_of?: string;
        };
        Enrolled: {
            file: components["schemas"]["File"];
            /** @description the unit that admitted */
            issuer: string;
            parent: components["schemas"]["NamedWords"];
            root: components["schemas"]["NamedWords"];
            seat: string;
            unit: string;
        };
        EnrolmentPreview: {
            /**
             * @description what the request asks for
             * @enum {string}
             */
            kind: "unit" | "seat";
            roles: string[];
            seat_name: string;
            /** @description a unit of this code is admitted already: say seat or another_body */
            taken: boolean;
            /** @description id of the unit that asks (of a new unit: the one it will have) */
            unit: string;
            unit_code: string;
            unit_name: string;
            warnings?: components["schemas"]["Reason"][];
            words: string[];
        };
        EnrolmentRequest: {
            /** @description discard an earlier request of this folder that was never answered */
            replace?: boolean;
            roles: string[];
            seat_name: string;
            secret: string;
            unit: string;
            unit_name: string;
        };
        ExportPage: {
            /** @description cursor, if there are more */
            after?: string;
            /**
             * Format: int64
             * @description in this page
             */
            cases: number;
            /** @description cases that could not be read and are not in the lines */
            left_out?: components["schemas"]["Reason"][];
            /** @description one JSON document a line */
            lines: string;
        };
        FieldSpec: {
            choices?: components["schemas"]["CodeLabel"][];
            hint?: components["schemas"]["Label"];
            /** @description kind list: the fields of an item */
            items?: components["schemas"]["FieldSpec"][];
            /** @enum {string} */
            kind: "text" | "long_text" | "date" | "datetime" | "choice" | "names" | "list" | "money" | "whole" | "bool" | "term" | "party";
            label: components["schemas"]["Label"];
            /**
             * Format: int64
             * @description Unicode code points
             */
            max_length?: number;
            name: string;
            /** @description kept in the notes of the body that mediates, not in the case */
            notes?: boolean;
            required: boolean;
        };
        File: {
            /** @description base64 */
            data: string;
            media_type: string;
            name: string;
        };
        FileBody: {
            /** @description base64 */
            data: string;
        };
        FormFile: {
            file: components["schemas"]["File"];
            /** Format: int64 */
            pages: number;
        };
        Guardian: {
            id_kind?: string;
            id_number?: string;
            name: string;
            phone?: string;
            relation: string;
        };
        HandedOver: {
            /** @description who does from then on; empty where it was not handed over */
            after: string[];
            /** @description who mediated */
            before: string[];
            case: string;
            /**
             * Format: int64
             * @description what is due in it and goes along
             */
            due: number;
            next_due?: string;
            /** @description after it */
            state: components["schemas"]["State"];
            /** @enum {string} */
            status: "done" | "needs_parties" | "refused";
            title: string;
            /** @description that owns it */
            unit: string;
            unit_name: string;
            warnings?: components["schemas"]["Reason"][];
            /** @description why it was not */
            why?: components["schemas"]["Reason"];
        };
        Handover: {
            at: string;
            cases: components["schemas"]["HandedOver"][];
            dry_run: boolean;
            else: components["schemas"]["StillOpen"];
            from: string;
            /** @description cases that could not be read: nothing was changed in them */
            left_out?: components["schemas"]["Reason"][];
            reason: string;
            /** @description paths of the register's entries that were ended */
            register: string[];
            to: string[];
        };
        HandoverRequest: {
            /** @description cases in which all parties agreed to the change, where they had chosen the mediator: their consent is recorded in each */
            agreed?: string[];
            /** @description the day; left out: today */
            at?: string;
            /** @description these only; left out: all */
            cases?: string[];
            /** @description say what would be done and change nothing */
            dry_run?: boolean;
            /** @description who mediates now */
            from: string;
            /** @description how they agreed, code of the table consent_how; with agreed */
            how?: string;
            /** @description end the person's term and entry as a mediator on that day */
            leave_register?: boolean;
            note?: string;
            /** @description code of the table handover_reason */
            reason: string;
            /** @description who step in, together in each case */
            to: string[];
            /** @description id or code of a unit whose station this is; left out: this unit */
            unit?: string;
        };
        Holder: {
            /** @enum {string} */
            extent: "full" | "digest";
            /** @description this computer */
            here?: boolean;
            /** @description when its receipt said so; absent: not yet */
            received_at?: string;
            unit: string;
            unit_name: string;
            /**
             * Format: int64
             * @description changes of this case still to reach it
             */
            waiting?: number;
        };
        ImportResult: {
            /** Format: int64 */
            added: number;
            refused: components["schemas"]["RefusedRow"][];
            /** Format: int64 */
            same: number;
        };
        Inbox: {
            items: components["schemas"]["InboxItem"][];
            /** @description cases that could not be read: the others are all there */
            left_out?: components["schemas"]["Reason"][];
        };
        InboxItem: {
            /** @description id of the letter or application */
            about: string;
            case: string;
            /** @description code of the unit that it came from */
            from: string;
            from_name?: string;
            kind: string;
            kind_label?: components["schemas"]["Label"];
            sent_on: string;
            state: string;
            title?: string;
            /** @enum {string} */
            what: "letter" | "answer" | "application";
        };
        JoinPreview: {
            demo: boolean;
            parent: components["schemas"]["NamedWords"];
            roles: string[];
            root: components["schemas"]["NamedWords"];
            seat_name: string;
            unit: string;
            unit_name: string;
        };
        JoinRequest: {
            /** @description the certificate file, base64 */
            certificate: string;
            /** @description of the seat that asked, where the folder was closed since */
            secret?: string;
        };
        Label: {
            en: string;
            zh: string;
        };
        LateList: {
            items: components["schemas"]["LateOperation"][];
        };
        LateOperation: {
            /** @description this person may take it in */
            adopts: boolean;
            /** @description its record begins with it: that stands in no list until then */
            begins?: boolean;
            by: components["schemas"]["By"];
            case?: string;
            /** Format: int64 */
            changes: number;
            id: string;
            /** @enum {string} */
            kind: "case" | "notes" | "digest" | "document" | "register" | "other";
            record: string;
            remark?: string;
            /** @description of the case as it stands */
            title?: string;
            /** @description the first of it, to who may take it in */
            what?: components["schemas"]["Change"][];
            why: components["schemas"]["Reason"];
            /** @description otherwise: who may, or what to do instead */
            why_not?: components["schemas"]["Reason"];
        };
        LeadDocument: {
            /** @description day, or date and time with zone */
            at: string;
            brief: string;
            category?: string;
            finder?: string;
            /** @description table lead_source */
            found: string;
            /** @description table risk_level */
            level: string;
            measures?: string;
            /** @description names; nobody need be named */
            people?: string[];
            place?: string;
            /** @description table risk_kind */
            risks?: string[];
        };
        LossResult: {
            /**
             * Format: int64
             * @description how many operations that were saved on this computer are given up
             */
            operations: number;
        };
        Mediator: {
            active_from?: string;
            active_to?: string;
            /**
             * Format: int64
             * @description open cases at a time; 0: no limit
             */
            capacity?: number;
            categories?: string[];
            /** @description persons and organisations whose cases are not for this mediator */
            conflicts?: string[];
            contact?: string;
            /** @description also on a court's roster */
            court_roster?: boolean;
            grade?: string;
            id: string;
            kind: string;
            languages?: string[];
            leave?: components["schemas"]["Span"][];
            licence?: string;
            name: string;
            qualifications?: string[];
            seat?: string;
            sectors?: string[];
        };
        MediatorCases: {
            cases: components["schemas"]["CaseRow"][];
            /** @description empty: nobody is assigned yet */
            mediator: string;
        };
        Meeting: {
            at: string;
            id: string;
            place?: string;
        };
        Member: {
            ethnicity?: string;
            id: string;
            name: string;
            phone?: string;
            role: string;
            sex?: string;
            term_end?: string;
            term_start?: string;
        };
        Moved: {
            from: string;
            holiday?: components["schemas"]["Label"];
            reason: string;
            /** @description the reason as a sentence, with its article */
            text: components["schemas"]["Label"];
            to: string;
        };
        NamedWords: {
            name: string;
            unit: string;
            words: string[];
        };
        Next: {
            /** @description a step's name, or settle, wait_signature, wait_performance, none */
            code: string;
            params?: {
                [key: string]: string;
            };
            /** @enum {string} */
            tone: "plain" | "due" | "overdue" | "waiting" | "done";
        };
        NextStep: {
            label: components["schemas"]["Label"];
            step: string;
            track: string;
            /** @description the likely next one */
            usual?: boolean;
        };
        NoteSession: {
            at?: string;
            /** @description as paths of a patch name it: sessions.<id>.minutes */
            id: string;
            minutes?: string;
            place?: string;
            present?: string;
            result?: string;
        };
        NotesView: {
            case: string;
            conflicts?: components["schemas"]["Conflict"][];
            heads: string[];
            /** @description the notes' record; empty: none written yet */
            id?: string;
            minutes: string;
            proposals: string;
            sessions: components["schemas"]["NoteSession"][];
            unit: string;
            updated_at?: string;
        };
        NumberRange: {
            /** @description beside the desk's own block, not in its place */
            adds?: boolean;
            /** @description the seat that gave it */
            by?: string;
            /** Format: int64 */
            from: number;
            id?: string;
            seat: string;
            series: string;
            /** Format: int64 */
            to: number;
            /** Format: int64 */
            year: number;
        };
        Numbers: {
            desks: components["schemas"]["DeskNumbers"][];
            /**
             * Format: int64
             * @description the next one of this seat
             */
            next?: number;
            /** @description claimed by two desks: nobody may use them */
            overlaps: components["schemas"]["Overlap"][];
            /** @description the one that the numbers are drawn from */
            series: string;
            /** @description it, as it is printed */
            text?: string;
            /**
             * Format: int64
             * @description how many are on cases
             */
            used: number;
            /** Format: int64 */
            voided: number;
            /** @description why this seat has no next one */
            why?: components["schemas"]["Reason"];
            /** Format: int64 */
            year: number;
        };
        Opening: {
            /** @description units on the way, on whose computers it would lie encrypted, unreadable for them */
            carriers: components["schemas"]["UnitNamed"][];
            /** @description its figures go along */
            digest: boolean;
            /** @description that it can't be taken back, in words */
            final: components["schemas"]["Label"];
            /** @description what stays with the body that wrote it, and is never given */
            never: components["schemas"]["CodeLabel"][];
            /**
             * Format: int64
             * @description changes of the case that go along, from the first to this step
             */
            operations: number;
            /** @description units that can read the case then and can't now */
            readers: components["schemas"]["UnitNamed"][];
            /** @description the day on which the first of them was written */
            since: string;
            /**
             * Format: int64
             * @description places on the way of which no unit is known here
             */
            unnamed?: number;
        };
        OralDocument: {
            /** @description one line */
            about: string;
            /** @description a name */
            applicant: string;
            /** @description day, or date and time with zone */
            at: string;
            category: string;
            mediators: string[];
            /** @description done on the spot */
            performed?: boolean;
            place?: string;
            /** @description a name */
            respondent: string;
            source?: string;
            terms: components["schemas"]["OralTerm"][];
        };
        OralTerm: {
            /** Format: int64 */
            amount_fen?: number;
            due: string;
            what: string;
            who: string;
        };
        Overlap: {
            /** Format: int64 */
            from: number;
            seats: string[];
            series: string;
            /** Format: int64 */
            to: number;
            /** Format: int64 */
            year: number;
        };
        Partner: {
            /** @description last finished exchange */
            checked_at?: string;
            /** @description fingerprints were equal then and nothing changed since */
            in_step_at?: string;
            reachable: boolean;
            /** @description when its newest receipt was made */
            received_at?: string;
            /** Format: int64 */
            refused?: number;
            /** @enum {string} */
            relation: "parent" | "child" | "ancestor" | "descendant" | "other";
            running?: boolean;
            /** @description why the last try failed */
            trouble?: components["schemas"]["Reason"];
            unit: string;
            unit_name: string;
            /**
             * Format: int64
             * @description own changes still to reach it
             */
            waiting: number;
        };
        Party: {
            address?: string;
            agent?: components["schemas"]["Agent"];
            /** @description a former or other name */
            alias?: string;
            birth_date?: string;
            /** @description as recorded; left out where it follows from the age */
            capacity?: string;
            contact?: string;
            contact_phone?: string;
            delivery?: components["schemas"]["Delivery"];
            ethnicity?: string;
            guardian?: components["schemas"]["Guardian"];
            id_kind?: string;
            id_number?: string;
            kind: string;
            legal_representative?: string;
            name: string;
            needs?: string[];
            occupation?: string;
            phone?: string;
            represented_by?: components["schemas"]["Representation"];
            sex?: string;
            side: string;
        };
        PartyView: {
            address?: string;
            agent?: components["schemas"]["Agent"];
            /** @description a former or other name */
            alias?: string;
            birth_date?: string;
            /** @description as recorded; left out where it follows from the age */
            capacity?: string;
            /** @description the capacity on the day the case came in: recorded, or by age */
            capacity_counts?: string;
            contact?: string;
            contact_phone?: string;
            delivery?: components["schemas"]["Delivery"];
            ethnicity?: string;
            guardian?: components["schemas"]["Guardian"];
            id: string;
            id_kind?: string;
            id_number?: string;
            kind: string;
            legal_representative?: string;
            name: string;
            needs?: string[];
            occupation?: string;
            phone?: string;
            represented_by?: components["schemas"]["Representation"];
            sex?: string;
            side: string;
        };
        Patch: {
            /** @description the heads that the person saw; left out: those here now */
            base?: string[];
            fields: {
                [key: string]: unknown;
            };
        };
        Peer: {
            addresses: string[];
            /** @description addresses seen on the network just now; not kept */
            found?: string[];
            /** @description id; empty: not known yet */
            unit?: string;
            unit_name?: string;
        };
        PeersBody: {
            peers: components["schemas"]["Peer"][];
        };
        Person: {
            /** @description what this person may do here, sorted: new_case, import, export, settle, enrol, add_seat, names (sees names, not digests only) */
            abilities: string[];
            demo: boolean;
            roles: string[];
            rules: components["schemas"]["Rules"];
            seat: string;
            seat_name: string;
            unit: string;
            unit_code: string;
            unit_name: string;
        };
        Problem: {
            /** @description code of what would allow it */
            allows?: string;
            /** @description stable, lower case with underscores */
            code: string;
            /** @description a sentence in English: what, to which thing, what to do */
            detail?: string;
            /** @description path of the field: parties[0].name in a document, parties.<id>.name in a patch */
            field?: string;
            /** @description every field that is wrong, where several are */
            fields?: components["schemas"]["Reason"][];
            /** @description what the sentence of the code names */
            params?: {
                [key: string]: string;
            };
            /**
             * Format: int64
             * @description seconds to wait
             */
            retry_after?: number;
            /** @description the law or rule */
            rule?: string;
            /** Format: int64 */
            status: number;
            /** @description the sentence in both languages, where the rule's owner wrote it */
            texts?: components["schemas"]["Label"];
            /** @description of the status */
            title: string;
            /** @description urn:hejie:problem: and the code */
            type: string;
        };
        Reason: {
            /** @description code of what would allow it */
            allows?: string;
            /** @description stable, lower case with underscores */
            code: string;
            /** @description a sentence in English: what, to which thing, what to do */
            detail?: string;
            /** @description path of the field: parties[0].name in a document, parties.<id>.name in a patch */
            field?: string;
            /** @description what the sentence of the code names */
            params?: {
                [key: string]: string;
            };
            /** @description the law or rule */
            rule?: string;
            /** @description the sentence in both languages, where the rule's owner wrote it */
            texts?: components["schemas"]["Label"];
        };
        RebuildResult: {
            /** Format: int64 */
            records: number;
            /** Format: double */
            seconds: number;
        };
        RecoverRequest: {
            roles?: string[];
            seat_name: string;
            /** @description the new seat's secret */
            secret: string;
            /** @description the code on the sheet; spaces and line breaks do not matter */
            sheet: string;
        };
        RecoverySheet: {
            /** @description the part that opens, in groups */
            code: string;
            /** @description the whole sheet as plain text, to print */
            text: string;
            unit_name: string;
        };
        RefusedRow: {
            code?: string;
            field?: string;
            /**
             * Format: int64
             * @description from 1
             */
            row: number;
            texts?: components["schemas"]["Label"];
            why: string;
        };
        RegisterView: {
            /** @description short name in numbers */
            abbr?: string;
            address?: string;
            also: components["schemas"]["AlsoWritten"][];
            divisions: components["schemas"]["DivisionChange"][];
            heads: string[];
            mediators: components["schemas"]["Mediator"][];
            members: components["schemas"]["Member"][];
            /** @description an area where several ethnic groups live */
            multi_ethnic: boolean;
            phone?: string;
            ranges: components["schemas"]["NumberRange"][];
            records: string[];
            roster: components["schemas"]["RosterEntry"][];
            sweeps: components["schemas"]["Sweep"][];
            unit: string;
            unit_code: string;
            unit_name: string;
            unknown: string[];
            voided: components["schemas"]["VoidedNumber"][];
            /** @description what a person should look at; nothing is refused for it */
            warnings: components["schemas"]["Reason"][];
            /** @description the parts that this person may write; unit: the unit's own fields */
            writable: string[];
        };
        RelateRequest: {
            /** @description unit id or code */
            bureau?: string;
            /** @description unit id or code */
            court?: string;
            /** @description unit id or code */
            unit: string;
        };
        Related: {
            unit: string;
            /**
             * Format: int64
             * @description cases of the unit held here whose figures reach the unit named with their next change
             */
            waiting: number;
        };
        Repeat: {
            case: string;
            category: string;
            /**
             * @description the weakest on which it rests
             * @enum {string}
             */
            ground: "same_number" | "mark" | "same_name";
            ground_label: components["schemas"]["Label"];
            /**
             * @description dispute: at least two people who stand on different sides; person: one of them
             * @enum {string}
             */
            like: "dispute" | "person";
            /** @description who is the same, where the other case is readable here */
            names?: string[];
            /**
             * Format: int64
             * @description how many are the same
             */
            people: number;
            /** @description a Beijing day; of a digest the month */
            received_on: string;
            state: components["schemas"]["State"];
            /** @description where the other case is readable here */
            title?: string;
            unit: string;
            unit_name: string;
        };
        RepeatList: {
            /**
             * Format: int64
             * @description how far apart the cases may have come in by the table repeats; 0: however far
             */
            days: number;
            items: components["schemas"]["Repeat"][];
            /** @description cases that could not be read and were not compared */
            left_out?: components["schemas"]["Reason"][];
            /** @description there may be more than were looked at */
            more?: boolean;
        };
        Representation: {
            chosen_on?: string;
            may_settle?: boolean;
            /** @description parties of the same side: a name, or #n for the n-th party where two bear one name */
            names: string[];
        };
        RequestFile: {
            file: components["schemas"]["File"];
            /** @description given once, with a unit's first folder */
            recovery?: components["schemas"]["RecoverySheet"];
            seat: string;
            unit: string;
            /** @description six words */
            words: string[];
        };
        RootRequest: {
            demo?: boolean;
            /** @description mediator, director, clerk, judge, supervisor, admin, auditor */
            roles: string[];
            seat_name: string;
            /** @description at least eight characters */
            secret: string;
            /** @description unit code: 12-digit division code, '-', body code and serial */
            unit: string;
            unit_name: string;
        };
        RosterEntry: {
            /** @description division codes of 2 to 12 digits; none: everywhere */
            areas?: string[];
            bands?: string[];
            body?: string;
            /** Format: int64 */
            capacity?: number;
            categories?: string[];
            conflicts?: string[];
            contact?: string;
            id: string;
            languages?: string[];
            leave?: components["schemas"]["Span"][];
            name: string;
            /** @description a mediator, not a body */
            person?: boolean;
            sectors?: string[];
            /** @description id or code; empty: outside of the tree */
            unit?: string;
            valid_from?: string;
            valid_to?: string;
        };
        Rules: {
            /**
             * Format: int64
             * @description what this program knows
             */
            known: number;
            /**
             * Format: int64
             * @description what the tree's root names
             */
            tree: number;
        };
        Saved: {
            /** @description ids of the entries that '.+' made, in the order of their paths */
            added?: string[];
            heads: string[];
            /** @description the case */
            id: string;
            state?: components["schemas"]["State"];
            /** @description saved all the same: an odd phone number, an unknown division */
            warnings?: components["schemas"]["Reason"][];
        };
        Seat: {
            forked?: boolean;
            /** @description can sign in on this folder */
            here?: boolean;
            machine?: boolean;
            roles: string[];
            seat: string;
            seat_name: string;
            unit: string;
            unit_name: string;
        };
        SeatHere: {
            /** @description its certificate has not come yet */
            awaiting?: boolean;
            roles: string[];
            seat: string;
            seat_name: string;
        };
        SecretChange: {
            new: string;
            old: string;
        };
        Sender: {
            machine: string;
            unit?: string;
            unit_name?: string;
            /** Format: int64 */
            waiting: number;
        };
        SessionInfo: {
            /**
             * Format: int64
             * @description the session locks after so long without a request
             */
            idle_seconds: number;
            /**
             * Format: int64
             * @description seconds left
             */
            locks_in: number;
            person: components["schemas"]["Person"];
        };
        Settlement: {
            /** @description the heads of the contradiction that the person was shown; where other statements stand now, nothing is changed. Left out: those here now */
            base?: string[];
            field: string;
            /** @description the decided value; of a step: the id of the event that stands */
            value: unknown;
        };
        SetupDone: {
            /** @description given once, with a unit's first folder */
            recovery?: components["schemas"]["RecoverySheet"];
            /** @description roles, separated by commas */
            role: string;
            seat: string;
            /** @description a root's second sheet, given once: with it alone its issuing key can be replaced */
            second?: components["schemas"]["RecoverySheet"];
            unit: string;
        };
        SetupState: {
            /** @description belongs to a demonstration tree */
            demo: boolean;
            /** @description while awaiting a certificate: the seat that asked */
            seat?: string;
            seat_name?: string;
            /** @enum {string} */
            state: "empty" | "awaiting_certificate" | "ready";
            /** @description the unit's id, once there is one */
            unit?: string;
            unit_code?: string;
            unit_name?: string;
            /** @description of the program */
            version: string;
            /** @description while awaiting a certificate: the six words of the request */
            words?: string[];
        };
        Sheet: {
            case: string;
            /** @enum {string} */
            lang: "zh" | "en";
            sections: components["schemas"]["SheetSection"][];
            subtitle?: string;
            title: string;
        };
        SheetPair: {
            label: string;
            value: string;
        };
        SheetSection: {
            columns?: string[];
            heading: string;
            key: string;
            /** @enum {string} */
            kind: "pairs" | "text" | "table";
            pairs?: components["schemas"]["SheetPair"][];
            paragraphs?: string[];
            rows?: string[][];
        };
        SignInRequest: {
            /** @description the seat's id */
            seat: string;
            secret: string;
        };
        SignedIn: {
            /**
             * Format: int64
             * @description the session locks after so long without a request
             */
            idle_seconds: number;
            /**
             * Format: int64
             * @description seconds left
             */
            locks_in: number;
            person: components["schemas"]["Person"];
            /** @description for Authorization: Bearer */
            token: string;
        };
        Span: {
            from: string;
            to?: string;
        };
        State: {
            confirmation: string;
            mediation: string;
            performance: string;
            referral: string;
        };
        Status: {
            /** @description what this machine's clock says */
            clock: string;
            /** Format: int64 */
            conflicts: number;
            demo: boolean;
            /**
             * Format: int64
             * @description -1: unknown
             */
            free_bytes: number;
            /** Format: int64 */
            late: number;
            /** @description full addresses */
            listening: string[];
            /**
             * Format: int64
             * @description what newer programs wrote: kept and handed on, without effect here
             */
            newer: number;
            /** Format: int64 */
            operations: number;
            /**
             * Format: int64
             * @description wraps still to be made
             */
            owed: number;
            /** Format: int64 */
            pack_bytes: number;
            peers: components["schemas"]["Partner"][];
            /** Format: int64 */
            records: number;
            /** Format: int64 */
            refused: number;
            rules: components["schemas"]["Rules"];
            /** @description who brought what waits here for what nobody brought */
            senders?: components["schemas"]["Sender"][];
            unit: string;
            unit_code: string;
            unit_name: string;
            /**
             * Format: int64
             * @description own operations for which some unit of their audience has given no receipt
             */
            unsent: number;
            version: string;
            /**
             * Format: int64
             * @description operations that lack something
             */
            waiting: number;
            /** @description what is wrong, worst first */
            wrong: components["schemas"]["Reason"][];
        };
        Step: {
            allowed: boolean;
            /** @description the law that it rests on */
            article?: components["schemas"]["Label"];
            fields: components["schemas"]["FieldSpec"][];
            label: components["schemas"]["Label"];
            /** @description the likely next step: the one filled button */
            next: boolean;
            step: string;
            track: string;
            why_not?: components["schemas"]["Reason"];
        };
        StepPreview: {
            case: string;
            /** @description the clocks that it would meet or stop */
            ended: components["schemas"]["Clock"][];
            /** @description what this person could do after it */
            next: components["schemas"]["NextStep"][];
            /** @description the number that the file would take, if nobody takes it before */
            number?: string;
            /** @description to whom it would open the case; absent: to nobody */
            opens?: components["schemas"]["Opening"];
            /** @description the clocks that it would start */
            started: components["schemas"]["Clock"][];
            /** @description the tracks after it */
            state: components["schemas"]["State"];
            step: string;
            /** @description it would be taken all the same */
            warnings?: components["schemas"]["Reason"][];
        };
        StepTaken: {
            /** @description the day or time that a person gave */
            at?: string;
            fields?: {
                [key: string]: unknown;
            };
            id: string;
            /** @description of the notes of the body that mediates, not of the case */
            notes?: boolean;
            /** @description whose act it is, where its author recorded it for somebody */
            recorded_for?: string;
            seat: string;
            seat_name?: string;
            /**
             * @description whether it counts; open: a person must decide; aside: decided against; rests: on what does not stand
             * @enum {string}
             */
            standing?: "stands" | "open" | "aside" | "rests" | "unknown";
            step: string;
            track: string;
            unit: string;
            unit_name?: string;
            /** @description the author's clock, a hint */
            written?: string;
        };
        StepWords: {
            fields: {
                [key: string]: unknown;
            };
            /** @description the step's id */
            step: string;
        };
        StillOpen: {
            /**
             * Format: int64
             * @description open cases that name the person in units whose station this is
             */
            below: number;
            /**
             * Format: int64
             * @description what the person typed on this computer and did not save
             */
            drafts: number;
            /**
             * Format: int64
             * @description cases that ended and are not closed or archived
             */
            ended: number;
        };
        Stretch: {
            /** Format: int64 */
            from: number;
            /** Format: int64 */
            to: number;
        };
        SuggestReason: {
            code: string;
            params?: {
                [key: string]: string;
            };
        };
        Suggestion: {
            /** Format: int64 */
            capacity?: number;
            /** @description of the register's entry */
            id: string;
            /** @description the reasons in one line */
            line: components["schemas"]["Label"];
            /** @enum {string} */
            list: "mediators" | "roster";
            name: string;
            /**
             * Format: int64
             * @description cases that this one has open now
             */
            open: number;
            /** @enum {string} */
            place: "fits" | "other" | "not";
            /** @description why, or why not, the weightiest first */
            reasons: components["schemas"]["SuggestReason"][];
            unit?: string;
        };
        Suggestions: {
            case: string;
            suggestions: components["schemas"]["Suggestion"][];
        };
        Sweep: {
            area: string;
            clue?: string;
            day: string;
            /** Format: int64 */
            found: number;
            /** Format: int64 */
            households: number;
            id: string;
            kind: string;
            note?: string;
            /**
             * Format: int64
             * @description of those found, on the spot
             */
            resolved: number;
            who: string;
        };
        SyncRequest: {
            /** @description a unit id or code, a multiaddr with /p2p/…, or an https:// address */
            peer: string;
        };
        SyncResult: {
            /** Format: int64 */
            bytes_received: number;
            /** Format: int64 */
            bytes_sent: number;
            in_step: boolean;
            peer: string;
            /** Format: int64 */
            received: number;
            /** Format: int64 */
            refused: number;
            /** Format: int64 */
            round_trips: number;
            /** Format: double */
            seconds: number;
            /** Format: int64 */
            sent: number;
        };
        SyncState: {
            partners: components["schemas"]["Partner"][];
            /**
             * @description whether any partner can be reached now
             * @enum {string}
             */
            road: "none" | "local" | "network";
            rules: components["schemas"]["Rules"];
            /** @description an exchange is under way */
            running: boolean;
            /** @description everything made here is durable here */
            saved: boolean;
            /**
             * Format: int64
             * @description own changes for which some unit has given no receipt
             */
            unsent: number;
        };
        TableDocument: {
            content: unknown;
            /** @description the notice or rule that it rests on */
            source: string;
            table: string;
            /** @description a Beijing day */
            valid_from: string;
            /**
             * Format: int64
             * @description greater than this unit's last of the same table
             */
            version: number;
        };
        TableLine: {
            /** @description it counts today; of holidays several do, each for its years */
            effective: boolean;
            /** @description the notice or rule that it rests on */
            source: string;
            table: string;
            title?: components["schemas"]["Label"];
            /** @description who published it; empty: the program's own */
            unit: string;
            unit_code?: string;
            unit_name?: string;
            /** @description a Beijing day */
            valid_from: string;
            /** Format: int64 */
            version: number;
            /**
             * @description why it does not count
             * @enum {string}
             */
            why?: "replaced" | "not_yet" | "no_authority" | "other_master" | "unreadable";
        };
        TablePublished: {
            /** @description the log entry that holds it */
            entry: string;
            table: string;
            unit: string;
            valid_from: string;
            /** Format: int64 */
            version: number;
        };
        TableView: {
            /** @description what publishing takes: table, version, valid_from, source and content */
            document: unknown;
            /** @description it counts today; of holidays several do, each for its years */
            effective: boolean;
            /** @description the notice or rule that it rests on */
            source: string;
            table: string;
            title?: components["schemas"]["Label"];
            /** @description who published it; empty: the program's own */
            unit: string;
            unit_code?: string;
            unit_name?: string;
            /** @description a Beijing day */
            valid_from: string;
            /** Format: int64 */
            version: number;
            /**
             * @description why it does not count
             * @enum {string}
             */
            why?: "replaced" | "not_yet" | "no_authority" | "other_master" | "unreadable";
        };
        Taking: {
            /** @description the heads that the person saw: where something that the step rests on came since, it is refused as stale; left out: those here now */
            base?: string[];
            fields: {
                [key: string]: unknown;
            };
        };
        Term: {
            /** Format: int64 */
            amount_fen?: number;
            /** @description since when it is in default */
            default_on?: string;
            due?: string;
            how?: string;
            id: string;
            /** @description pay, act or refrain */
            kind?: string;
            /**
             * Format: int64
             * @description from 1: what the step perform names
             */
            n: number;
            /**
             * Format: int64
             * @description so far, where it is paid in parts
             */
            paid_fen?: number;
            performed_at?: string;
            proof?: string;
            /** @description who gets it */
            to?: string;
            what: string;
            who: string;
        };
        Ticket: {
            /**
             * Format: int64
             * @description seconds
             */
            expires_in: number;
            ticket: string;
        };
        Undisputed: {
            confirmed_by: string[];
            /** @description a party that came in meanwhile did not confirm them */
            contested?: boolean;
            facts: string[];
            on: string;
        };
        Unit: {
            body?: string;
            /** @description the justice bureau that supervises it */
            bureau?: string;
            code: string;
            /** @description the court that guides it */
            court?: string;
            demo?: boolean;
            name: string;
            own?: boolean;
            parent?: string;
            /** @description the unit that supervises its files */
            station?: string;
            unit: string;
        };
        UnitCode: {
            body?: components["schemas"]["Label"];
            code: string;
            /** @description names from the province down, as far as known */
            division: string[];
            warnings?: components["schemas"]["Reason"][];
        };
        UnitNamed: {
            code: string;
            name: string;
            unit: string;
        };
        Unknown: {
            id: string;
            /** @description as patchCase takes it; empty where it can't be read: then the whole case is read-only */
            path: string;
            /** @description its bytes in hexadecimal */
            raw: string;
            seat: string;
            seat_name?: string;
            unit: string;
            unit_name?: string;
            /** @description what it would have written, where its form is known */
            value?: unknown;
            /**
             * @description unknown change or field, a kind or value that the field does not take, waits for what it names, unknown key of the operation, newer operation, broken body
             * @enum {string}
             */
            why: "change" | "field" | "kind" | "waits" | "key" | "value" | "newer" | "broken";
            /** @description the author's clock, a hint */
            written?: string;
        };
        Value: {
            seat: string;
            seat_name?: string;
            unit: string;
            unit_name?: string;
            value: unknown;
            /** @description the author's clock, a hint */
            written?: string;
        };
        VerifyResult: {
            /** @description what is missing or wrong now */
            bad: components["schemas"]["Damage"][];
            /** @description what was damaged and is whole again */
            healed: components["schemas"]["Damage"][];
            /** @description what newer programs wrote: no damage */
            newer: components["schemas"]["Damage"][];
            /** Format: int64 */
            operations: number;
        };
        VoidedNumber: {
            /** @description the seat that voided it */
            by: string;
            id: string;
            /** Format: int64 */
            number: number;
            reason: string;
            series: string;
            /** Format: int64 */
            year: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listCases: {
        parameters: {
            query?: {
                /** @description matches any track */
                state?: string;
                category?: string;
                /** @description owner: id or code */
                unit?: string;
                /** @description words of title, parties, place, facts */
                query?: string;
                /** @description received on or after this Beijing day, YYYY-MM-DD */
                from?: string;
                /** @description received on or before */
                to?: string;
                /** @description the chips above the list */
                group?: "all" | "open" | "conflicts" | "performing" | "closed" | "digest";
                limit?: number;
                /** @description cursor of the page before */
                after?: string;
                /** @description also count the groups under the other filters */
                counts?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseList"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    newCase: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
                /** @description a UUIDv7, new for each save; the same save again answers the same and changes nothing, another save with it is refused (token_reused) */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CaseDocument"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Saved"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCase: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description the case's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchCase: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
                /** @description a UUIDv7, new for each save; the same save again answers the same and changes nothing, another save with it is refused (token_reused) */
                "Idempotency-Key": string;
            };
            path: {
                /** @description the case's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Patch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Saved"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCaseConflicts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description the case's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConflictList"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDocket: {
        parameters: {
            query?: {
                lang?: "zh" | "en";
                /** @description empty: what the case itself says */
                kind?: "suit" | "confirmation";
            };
            header?: never;
            path: {
                /** @description the case's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DocketArchive"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getForm: {
        parameters: {
            query?: {
                lang?: "zh" | "en";
            };
            header?: never;
            path: {
                /** @description the case's id */
                id: string;
                /** @description sheet is the plain summary */
                form: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FormFile"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHistory: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description the case's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Change"][];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listHolders: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description the case's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Holder"][];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getNotes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description the case's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotesView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchNotes: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
                /** @description a UUIDv7, new for each save; the same save again answers the same and changes nothing, another save with it is refused (token_reused) */
                "Idempotency-Key": string;
            };
            path: {
                /** @description the case's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Patch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Saved"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRepeats: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description the case's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RepeatList"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    settle: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
                /** @description a UUIDv7, new for each save; the same save again answers the same and changes nothing, another save with it is refused (token_reused) */
                "Idempotency-Key": string;
            };
            path: {
                /** @description the case's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Settlement"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Saved"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSheet: {
        parameters: {
            query?: {
                lang?: "zh" | "en";
            };
            header?: never;
            path: {
                /** @description the case's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sheet"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSteps: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description the case's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Step"][];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    takeStep: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
                /** @description a UUIDv7, new for each save; the same save again answers the same and changes nothing, another save with it is refused (token_reused) */
                "Idempotency-Key": string;
            };
            path: {
                /** @description the case's id */
                id: string;
                step: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Taking"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Saved"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    previewStep: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path: {
                /** @description the case's id */
                id: string;
                step: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Taking"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StepPreview"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Codes"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listConflicts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConflictList"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDivisions: {
        parameters: {
            query?: {
                /** @description empty: the provinces */
                under?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Division"][];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDrafts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftInfo"][];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDraft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description such as case-new or case.<id>.facts */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Draft"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putDraft: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path: {
                /** @description such as case-new or case.<id>.facts */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DraftInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftInfo"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteDraft: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path: {
                /** @description such as case-new or case.<id>.facts */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDue: {
        parameters: {
            query?: {
                /** @description seen on this Beijing day; empty: today */
                on?: string;
                /** @description also what other units and the parties have to do */
                all?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DueList"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    enrol: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnrolRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Enrolled"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    previewEnrolment: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FileBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrolmentPreview"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    events: {
        parameters: {
            query?: {
                /** @description from POST /events/ticket, for EventSource; other clients send their token */
                ticket?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stream of messages whose data is one Hint in JSON. A hint only says what to reload. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": {
                        id?: string;
                        /** @enum {string} */
                        kind: "case" | "conflict" | "sync" | "status" | "seat" | "setup" | "lock" | "resync" | "alive";
                    };
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    eventTicket: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportCases: {
        parameters: {
            query?: {
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportPage"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    importCases: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportResult"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getInbox: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Inbox"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listLate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LateList"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adoptLate: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
                /** @description a UUIDv7, new for each save; the same save again answers the same and changes nothing, another save with it is refused (token_reused) */
                "Idempotency-Key": string;
            };
            path: {
                /** @description the case's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Adopted"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    newLead: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
                /** @description a UUIDv7, new for each save; the same save again answers the same and changes nothing, another save with it is refused (token_reused) */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LeadDocument"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Saved"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acceptLoss: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LossResult"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getNumbers: {
        parameters: {
            query?: {
                series?: string;
                /** @description 0: this year */
                year?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Numbers"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOpenOf: {
        parameters: {
            query?: {
                /** @description left out: all */
                mediator?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediatorCases"][];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    newOral: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
                /** @description a UUIDv7, new for each save; the same save again answers the same and changes nothing, another save with it is refused (token_reused) */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OralDocument"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Saved"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPeers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Peer"][];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putPeers: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PeersBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Peer"][];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rebuild: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RebuildResult"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRegister: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegisterView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchRegister: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
                /** @description a UUIDv7, new for each save; the same save again answers the same and changes nothing, another save with it is refused (token_reused) */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Patch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Saved"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    handOver: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HandoverRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Handover"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUnitRegister: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id or code */
                unit: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegisterView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchUnitRegister: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
                /** @description a UUIDv7, new for each save; the same save again answers the same and changes nothing, another save with it is refused (token_reused) */
                "Idempotency-Key": string;
            };
            path: {
                /** @description id or code */
                unit: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Patch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Saved"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    suggestFor: {
        parameters: {
            query: {
                case: string;
                /** @description left out: both */
                list?: "mediators" | "roster";
                /** @description languages and dialects that parties need */
                languages?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Suggestions"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSeats: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Seat"][];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSeatsHere: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SeatHere"][];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addSeat: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddSeatRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestFile"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    joinSeat: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FileBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetupDone"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionInfo"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeSecret: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecretChange"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSetup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetupState"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    join: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JoinRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetupDone"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    previewJoin: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JoinRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JoinPreview"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    recover: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RecoverRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestFile"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    requestEnrolment: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnrolmentRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestFile"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    initRoot: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RootRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetupDone"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Status"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSync: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncState"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    syncWith: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SyncRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncResult"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTables: {
        parameters: {
            query?: {
                /** @description id or code; empty: this unit */
                unit?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TableLine"][];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    publishTable: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TableDocument"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TablePublished"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTable: {
        parameters: {
            query?: {
                /** @description id or code; empty: this unit */
                unit?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TableView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkUnitCode: {
        parameters: {
            query: {
                code: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnitCode"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUnits: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Unit"][];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    relateUnit: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RelateRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Related"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verify: {
        parameters: {
            query?: never;
            header: {
                /** @description says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it */
                "Hejie-Client": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerifyResult"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
