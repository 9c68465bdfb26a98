package io.gapstream.datagenerator.rest;

import io.gapstream.servicekit.Problem;
import jakarta.ws.rs.core.Application;
import org.eclipse.microprofile.openapi.annotations.Components;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.info.License;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** The head of the API description, and the answers that every operation shares. */
@OpenAPIDefinition(
    info =
        @Info(
            title = "Gapstream data-generator",
            version = "v1",
            description = "Starts experiments on generated, inline and uploaded data.",
            license = @License(name = "Apache-2.0")),
    components =
        @Components(
            headers =
                @Header(
                    name = ApiExamples.RETRY_AFTER_REF,
                    description = "Seconds.",
                    schema = @Schema(type = SchemaType.INTEGER)),
            responses = {
              @APIResponse(
                  name = ApiExamples.REFUSED_REF,
                  description =
                      "Something is wrong with a value; for files the problem also has file, line,"
                          + " column and value.",
                  content =
                      @Content(
                          mediaType = Problem.MEDIA_TYPE,
                          examples = @ExampleObject(name = "text", value = ApiExamples.REFUSED))),
              @APIResponse(
                  name = ApiExamples.TOO_LARGE_REF,
                  description = "More than 2,000,000 values, 500,000 rows or 64 MiB of body.",
                  content = @Content(mediaType = Problem.MEDIA_TYPE)),
              @APIResponse(
                  name = ApiExamples.WRONG_TYPE_REF,
                  description = "The body has no Content-Type, or one that is not taken.",
                  content = @Content(mediaType = Problem.MEDIA_TYPE)),
              @APIResponse(
                  name = ApiExamples.TOO_MUCH_REF,
                  description =
                      "So much work waits that no more is taken now; repeat the request after the"
                          + " seconds in Retry-After.",
                  headers =
                      @Header(
                          name = ApiExamples.RETRY_AFTER_REF,
                          ref = ApiExamples.RETRY_AFTER_REF),
                  content = @Content(mediaType = Problem.MEDIA_TYPE)),
              @APIResponse(
                  name = ApiExamples.NO_BROKER_REF,
                  description =
                      "The broker did not acknowledge in time; repeat the request after the seconds"
                          + " in Retry-After.",
                  headers =
                      @Header(
                          name = ApiExamples.RETRY_AFTER_REF,
                          ref = ApiExamples.RETRY_AFTER_REF),
                  content = @Content(mediaType = Problem.MEDIA_TYPE))
            }))
public class ApiDescription extends Application {}
